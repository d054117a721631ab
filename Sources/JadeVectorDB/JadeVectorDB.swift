// JadeVectorDB
