// JadeIO
