// JadeStorage
