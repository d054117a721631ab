// JadeClient
