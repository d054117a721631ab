// JadeServer
