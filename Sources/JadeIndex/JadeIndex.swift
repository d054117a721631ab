// JadeIndex
