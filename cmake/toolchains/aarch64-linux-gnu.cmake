# AArch64 on a Debian or Ubuntu host: packages gcc-aarch64-linux-gnu, libc6-dev-arm64-cross and qemu-user.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
# JADE_QEMU_CPU picks a processor: cortex-a72 is the oldest sensible one, max has everything.
set(JADE_QEMU_CPU max CACHE STRING "Processor that qemu plays")
set(CMAKE_CROSSCOMPILING_EMULATOR "qemu-aarch64;-cpu;${JADE_QEMU_CPU};-L;/usr/aarch64-linux-gnu")
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES JADE_QEMU_CPU)
