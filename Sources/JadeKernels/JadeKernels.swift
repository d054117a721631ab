// JadeKernels
