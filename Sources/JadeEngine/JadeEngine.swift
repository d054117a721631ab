// JadeEngine
