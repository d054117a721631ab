internal import CJadeKernels

/// CRC-32 with the Castagnoli polynomial (RFC 3720, appendix B.4), as in every file and log record.
///
/// A checksum may be taken piece by piece: `checksum(b, after: checksum(a))` is that of a followed by b. Every level gives
/// the same value; 64-byte pieces run at some 20 GB/s where the processor has the instructions, at 2 GB/s elsewhere.
package enum CRC32C {
    package static func checksum(_ bytes: UnsafeRawBufferPointer, after crc: UInt32 = 0) -> UInt32 {
        update(crc, bytes.baseAddress, bytes.count)
    }

    package static func checksum(_ bytes: [UInt8], after crc: UInt32 = 0) -> UInt32 {
        bytes.withUnsafeBytes { checksum($0, after: crc) }
    }

    package static func checksum(_ bytes: RawSpan, after crc: UInt32 = 0) -> UInt32 {
        bytes.withUnsafeBytes { checksum($0, after: crc) }
    }

    private static let update = Kernels.selectedOrSerial.table.pointee.crc32c_update
}

extension Kernels {
    /// ``CRC32C`` at this level, for tests that compare levels.
    package func crc32c(_ bytes: UnsafeRawBufferPointer, after crc: UInt32 = 0) -> UInt32 {
        table.pointee.crc32c_update(crc, bytes.baseAddress, bytes.count)
    }
}
