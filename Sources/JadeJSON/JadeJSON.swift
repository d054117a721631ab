// JadeJSON
