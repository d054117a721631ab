import Foundation
import JadeCore

/// Tables that Python's libraries read and write: CSV, Parquet (pyarrow) and HDF5 (h5py). The script below runs beside this program and
/// speaks JSON lines with it, as `export` writes them, values in base64.
///
/// `$JADEVECTORDB_PYTHON` is the interpreter, otherwise `python3`.
enum TableBridge {
    static let endings: Set<String> = ["csv", "tsv", "parquet", "h5", "hdf5"]

    static func isTable(_ path: String) -> Bool { endings.contains(String(path.split(separator: ".").last ?? "").lowercased()) }

    private static var interpreter: String { ProcessInfo.processInfo.environment["JADEVECTORDB_PYTHON"] ?? "python3" }

    static func reader(_ path: String, _ options: Records.Options) throws(JadeError) -> Unpacker {
        guard FileManager.default.fileExists(atPath: path) else { throw .notFound("\(path) does not exist") }
        var arguments = [interpreter, "-c", script, "read", path]
        if let column = options.valuesColumn { arguments += ["--values", column] }
        if let column = options.idField { arguments += ["--id", column] }
        return try Unpacker(arguments, of: path, tool: "python3")
    }

    static func writerArguments(_ path: String) -> [String] { [interpreter, "-c", script, "write", path] }

    static let script = #"""
        import argparse, base64, csv, fnmatch, json, sys

        def fail(text):
            sys.stderr.write(text + "\n")
            sys.exit(3)

        def needed(module, package):
            try:
                return __import__(module)
            except ImportError:
                fail(f"{sys.executable} has no {module}: pip install {package}, or name another interpreter in JADEVECTORDB_PYTHON")

        USUAL = ["values", "vector", "embedding", "embeddings", "vectors"]

        def pack(row):
            import array
            numbers = array.array("f", (float(x) for x in row))
            if sys.byteorder == "big":
                numbers.byteswap()
            return base64.b64encode(numbers.tobytes()).decode()

        def emit(id, values, metadata):
            line = {"id": id, "values": values}
            if metadata:
                line["metadata"] = metadata
            sys.stdout.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")

        def plain(value):
            if hasattr(value, "tolist"):
                value = value.tolist()
            if isinstance(value, bytes):
                value = value.decode("utf-8", "replace")
            if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
                return None
            if isinstance(value, dict):
                return {str(k): plain(v) for k, v in value.items()}
            if isinstance(value, (list, tuple)):
                return [plain(v) for v in value]
            if value is None or isinstance(value, (bool, int, float, str)):
                return value
            return str(value)

        def choose(names, asked):
            if asked:
                chosen = [name for name in names if fnmatch.fnmatchcase(name, asked)]
                if not chosen:
                    fail(f"there is no column {asked}, there are {', '.join(names)}")
                return chosen
            for name in USUAL:
                if name in names:
                    return [name]
            fail(f"no column is named like values ({', '.join(USUAL)}), there are {', '.join(names)}: name it with --values-column, 'v*' for several")

        def guess(text):
            if text == "":
                return None
            for kind in (int, float):
                try:
                    number = kind(text)
                    return number if plain(number) is not None and abs(number) < 2**63 else text
                except ValueError:
                    pass
            return {"true": True, "false": False}.get(text.lower(), text)

        def read_csv(path, options):
            with open(path, newline="", encoding="utf-8-sig") as file:
                csv.field_size_limit(1 << 26)
                rows = csv.reader(file, delimiter="\t" if path.lower().endswith(".tsv") else ",")
                names = next(rows, None) or fail(f"{path} is empty")
                chosen = choose(names, options.values)
                places = [names.index(name) for name in chosen]
                id_place = names.index(options.id) if options.id in names else names.index("id") if not options.id and "id" in names else None
                if options.id and id_place is None:
                    fail(f"there is no column {options.id}, there are {', '.join(names)}")
                for number, row in enumerate(rows):
                    if not row:
                        continue
                    if len(row) != len(names):
                        fail(f"{path} line {rows.line_num} has {len(row)} columns, its head {len(names)}")
                    try:
                        if len(places) == 1:
                            numbers = row[places[0]].strip().strip("[]").replace(",", " ").replace(";", " ").split()
                        else:
                            numbers = [row[place] for place in places]
                        values = pack(numbers)
                    except ValueError as error:
                        fail(f"{path} line {rows.line_num}: {error}")
                    rest = {name: guess(row[place]) for place, name in enumerate(names) if place not in places and place != id_place}
                    id = row[id_place] if id_place is not None else number
                    emit(int(id) if isinstance(id, str) and id.isdigit() and str(int(id)) == id and int(id) < 2**64 else id, values, {k: v for k, v in rest.items() if v is not None})

        def read_parquet(path, options):
            needed("pyarrow", "pyarrow")
            import pyarrow.parquet as parquet
            file = parquet.ParquetFile(path)
            names = file.schema_arrow.names
            chosen = choose(names, options.values)
            id_name = options.id or ("id" if "id" in names else None)
            if id_name and id_name not in names:
                fail(f"there is no column {id_name}, there are {', '.join(names)}")
            number = 0
            for batch in file.iter_batches(batch_size=1024):
                for row in batch.to_pylist():
                    values = row[chosen[0]] if len(chosen) == 1 else [row[name] for name in chosen]
                    if values is None or not isinstance(values, (list, tuple)):
                        fail(f"row {number} of {path} has no list of numbers in {chosen[0]}")
                    rest = {name: plain(value) for name, value in row.items() if name not in chosen and name != id_name and value is not None}
                    emit(plain(row[id_name]) if id_name else number, pack(values), rest)
                    number += 1

        def read_hdf5(path, options):
            h5py = needed("h5py", "h5py")
            with h5py.File(path, "r") as file:
                tables = {}
                file.visititems(lambda name, item: tables.__setitem__(name, item) if isinstance(item, h5py.Dataset) else None)
                rows = [name for name, item in tables.items() if item.ndim == 2 and item.dtype.kind in "fiu"]
                name = options.values or next((one for one in USUAL + ["train"] if one in rows), rows[0] if len(rows) == 1 else None)
                if name not in rows:
                    fail(f"{path} has the tables {', '.join(rows) or 'none'}: name one of them with --values-column")
                data = tables[name]
                beside = {one: item for one, item in tables.items() if item.ndim == 1 and len(item) == len(data)}
                id_name = options.id or next((one for one in ("id", "ids") if one in beside), None)
                if id_name and id_name not in beside:
                    fail(f"{path} has no table {id_name} of {len(data)} rows")
                for start in range(0, len(data), 1024):
                    part = data[start : start + 1024].astype("<f4")
                    columns = {one: item[start : start + 1024] for one, item in beside.items()}
                    for offset in range(len(part)):
                        rest = {one: plain(column[offset]) for one, column in columns.items() if one != id_name}
                        text = base64.b64encode(part[offset].tobytes()).decode()
                        emit(plain(columns[id_name][offset]) if id_name else start + offset, text, rest)

        def lines():
            import array
            for line in sys.stdin:
                record = json.loads(line)
                values = record["values"]
                if isinstance(values, str):
                    numbers = array.array("f", base64.b64decode(values))
                    if sys.byteorder == "big":
                        numbers.byteswap()
                    values = numbers.tolist()
                yield record["id"], values, record.get("metadata") or {}

        def write_csv(path):
            kept = list(lines())
            names = sorted({name for _, _, metadata in kept for name in metadata})
            with open(path, "w", newline="", encoding="utf-8") as file:
                out = csv.writer(file, delimiter="\t" if path.lower().endswith(".tsv") else ",")
                out.writerow(["id", "values"] + names)
                for id, values, metadata in kept:
                    cells = [metadata.get(name) for name in names]
                    cells = [json.dumps(cell) if isinstance(cell, (list, dict, bool)) else "" if cell is None else cell for cell in cells]
                    out.writerow([id, " ".join(repr(v) for v in values)] + cells)

        def write_parquet(path):
            needed("pyarrow", "pyarrow")
            import pyarrow, pyarrow.parquet as parquet
            kept = list(lines())
            whole = all(isinstance(id, int) for id, _, _ in kept)
            names = sorted({name for _, _, metadata in kept for name in metadata})
            columns = {"id": pyarrow.array([id if whole else str(id) for id, _, _ in kept], pyarrow.uint64() if whole else pyarrow.string()),
                       "values": pyarrow.array([values for _, values, _ in kept], pyarrow.list_(pyarrow.float32()))}
            for name in names:
                column = [metadata.get(name) for _, _, metadata in kept]
                try:
                    columns[name if name not in columns else "metadata." + name] = pyarrow.array(column)
                except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError):
                    columns[name] = pyarrow.array([None if cell is None else cell if isinstance(cell, str) else json.dumps(cell) for cell in column])
            parquet.write_table(pyarrow.table(columns), path)

        def write_hdf5(path):
            h5py = needed("h5py", "h5py")
            import numpy
            kept = list(lines())
            with h5py.File(path, "w") as file:
                file["values"] = numpy.array([values for _, values, _ in kept], "<f4").reshape(len(kept), -1)
                whole = all(isinstance(id, int) for id, _, _ in kept)
                file["ids"] = numpy.array([id for id, _, _ in kept], "u8") if whole else [str(id) for id, _, _ in kept]
                file["metadata"] = [json.dumps(metadata, ensure_ascii=False) for _, _, metadata in kept]

        parser = argparse.ArgumentParser()
        parser.add_argument("what")
        parser.add_argument("path")
        parser.add_argument("--values")
        parser.add_argument("--id")
        options = parser.parse_args()
        ending = options.path.lower().rsplit(".", 1)[-1]
        try:
            if options.what == "read":
                {"csv": read_csv, "tsv": read_csv, "parquet": read_parquet, "h5": read_hdf5, "hdf5": read_hdf5}[ending](options.path, options)
            else:
                {"csv": write_csv, "tsv": write_csv, "parquet": write_parquet, "h5": write_hdf5, "hdf5": write_hdf5}[ending](options.path)
        except BrokenPipeError:
            sys.exit(0)
        except (OSError, ValueError, RuntimeError) as error:
            fail(f"{options.path}: {error}")
        """#
}

/// Exported vectors on their way into a table.
final class TableSink: ExportSink {
    private let process = Process()
    private let input = Pipe()
    private let path: String

    init(path: String) throws(JadeError) {
        self.path = path
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = TableBridge.writerArguments(path)
        process.standardInput = input
        // A reader that stops is told as an error, not by a signal.
        signal(SIGPIPE, SIG_IGN)
        do { try process.run() } catch { throw .unavailable("python3, which writes \(path), cannot be started: \(error)") }
    }

    func write(_ vector: StoredVector) throws(JadeError) {
        guard ByteSink.writeAll(JSONOutput.vector(vector) + [UInt8(ascii: "\n")], to: input.fileHandleForWriting.fileDescriptor) else {
            throw .unavailable("\(path) cannot be written: python3 stopped; its own words are above")
        }
    }

    func finish() throws(JadeError) {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw .unavailable("\(path) was not written: its reason is above") }
    }
}
