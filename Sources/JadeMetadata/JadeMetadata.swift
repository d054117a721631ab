// JadeMetadata
