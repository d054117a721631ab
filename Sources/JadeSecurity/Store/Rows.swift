import Foundation
import GRDB
import JadeCore


/// Bytes for a BLOB column.
func Blob(_ bytes: [UInt8]) -> Data { Data(bytes) }

extension Row {
    func blob(_ column: String) throws -> [UInt8] { Array(try decode(Data.self, forColumn: column)) }

    func text(_ column: String) throws -> String { try decode(String.self, forColumn: column) }
    func time(_ column: String) throws -> Int64 { try decode(Int64.self, forColumn: column) }
    func optionalTime(_ column: String) throws -> Int64? { try decode(Int64?.self, forColumn: column) }
    func flag(_ column: String) throws -> Bool { try decode(Bool.self, forColumn: column) }
}
