package import JadeCore
package import JadeJSON

/// `{"state","sequence","durable_sequence","checkpoint_sequence","replay_bytes","disk_bytes"?,"recovery"?}`.
extension StorageStatus: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case state, sequence
        case durableSequence = "durable_sequence"
        case checkpointSequence = "checkpoint_sequence"
        case replayBytes = "replay_bytes"
        case diskBytes = "disk_bytes"
        case recovery
    }

    package init(json: JSONElement) throws(JadeError) {
        self.init(state: .ready)
        try json.readFields(Field.self, of: "storage", unknown: .ignored) { (field, value) throws(JadeError) in
            switch field {
            case .state: state = try value.choice(field.rawValue) { (state: State) in state.rawValue }
            case .sequence: sequence = try value.unsigned(field.rawValue)
            case .durableSequence: durableSequence = try value.unsigned(field.rawValue)
            case .checkpointSequence: checkpointSequence = try value.unsigned(field.rawValue)
            case .replayBytes: replayBytes = try value.integer(field.rawValue)
            case .diskBytes: diskBytes = try value.integer(field.rawValue)
            case .recovery: recovery = try Recovery(json: value)
            }
        }
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("state", state.rawValue)
        writer.field("sequence", Int(clamping: sequence))
        writer.field("durable_sequence", Int(clamping: durableSequence))
        writer.field("checkpoint_sequence", Int(clamping: checkpointSequence))
        writer.field("replay_bytes", replayBytes)
        writer.field("disk_bytes", ifPresent: diskBytes)
        if let recovery {
            writer.key("recovery")
            recovery.write(to: &writer)
        }
        writer.endObject()
    }
}

/// `{"records","bytes","milliseconds","bytes_cut","cut"?}`.
extension StorageStatus.Recovery: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case records, bytes, milliseconds
        case bytesCut = "bytes_cut"
        case cut
    }

    package init(json: JSONElement) throws(JadeError) {
        self.init(records: 0, bytes: 0, milliseconds: 0)
        try json.readFields(Field.self, of: "recovery", unknown: .ignored) { (field, value) throws(JadeError) in
            switch field {
            case .records: records = try value.integer(field.rawValue)
            case .bytes: bytes = try value.integer(field.rawValue)
            case .milliseconds: milliseconds = try value.integer(field.rawValue)
            case .bytesCut: bytesCut = try value.integer(field.rawValue)
            case .cut: cut = try value.string(field.rawValue)
            }
        }
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("records", records)
        writer.field("bytes", bytes)
        writer.field("milliseconds", milliseconds)
        writer.field("bytes_cut", bytesCut)
        writer.field("cut", ifPresent: cut)
        writer.endObject()
    }
}
