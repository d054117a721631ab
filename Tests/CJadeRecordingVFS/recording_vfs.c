#include "jade_recording_vfs.h"

#include <sqlite3.h>
#include <stddef.h>
#include <string.h>

/* SQLite's own file object, with the default VFS's behind it. */
struct recorded_file {
    sqlite3_file base;
    int64_t token;
    /* The default VFS syncs the folder of a new journal or log with the file's first sync. */
    int syncs_folder;
    const char *path;
};

static struct jade_recording_calls calls;
static sqlite3_vfs recording_vfs;

static sqlite3_vfs *below(void) { return (sqlite3_vfs *)recording_vfs.pAppData; }
static struct recorded_file *own(sqlite3_file *file) { return (struct recorded_file *)file; }
static sqlite3_file *inner(sqlite3_file *file) { return (sqlite3_file *)(own(file) + 1); }

static int file_close(sqlite3_file *file) { return inner(file)->pMethods->xClose(inner(file)); }

static int file_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    return inner(file)->pMethods->xRead(inner(file), bytes, count, offset);
}

static int file_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    int code = inner(file)->pMethods->xWrite(inner(file), bytes, count, offset);
    if (code == SQLITE_OK && own(file)->token) calls.written(own(file)->token, bytes, count, offset);
    return code;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size) {
    int code = inner(file)->pMethods->xTruncate(inner(file), size);
    if (code == SQLITE_OK && own(file)->token) calls.truncated(own(file)->token, size);
    return code;
}

static int file_sync(sqlite3_file *file, int flags) {
    int code = inner(file)->pMethods->xSync(inner(file), flags);
    if (code != SQLITE_OK || !own(file)->token) return code;
    calls.synced(own(file)->token);
    if (own(file)->syncs_folder) calls.folder_synced(own(file)->path);
    own(file)->syncs_folder = 0;
    return code;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) { return inner(file)->pMethods->xFileSize(inner(file), size); }
static int file_lock(sqlite3_file *file, int level) { return inner(file)->pMethods->xLock(inner(file), level); }
static int file_unlock(sqlite3_file *file, int level) { return inner(file)->pMethods->xUnlock(inner(file), level); }
static int file_check_lock(sqlite3_file *file, int *held) { return inner(file)->pMethods->xCheckReservedLock(inner(file), held); }
static int file_control(sqlite3_file *file, int what, void *argument) {
    return inner(file)->pMethods->xFileControl(inner(file), what, argument);
}
static int file_sector(sqlite3_file *file) { return inner(file)->pMethods->xSectorSize(inner(file)); }
static int file_traits(sqlite3_file *file) { return inner(file)->pMethods->xDeviceCharacteristics(inner(file)); }
static int file_map(sqlite3_file *file, int page, int bytes, int extends, void volatile **address) {
    return inner(file)->pMethods->xShmMap(inner(file), page, bytes, extends, address);
}
static int file_map_lock(sqlite3_file *file, int offset, int count, int flags) {
    return inner(file)->pMethods->xShmLock(inner(file), offset, count, flags);
}
static void file_map_barrier(sqlite3_file *file) { inner(file)->pMethods->xShmBarrier(inner(file)); }
static int file_unmap(sqlite3_file *file, int removes) { return inner(file)->pMethods->xShmUnmap(inner(file), removes); }

/* Version 2: shared memory, and no mapped reads, which would not be seen. */
static const sqlite3_io_methods methods = {
    2, file_close, file_read, file_write, file_truncate, file_sync, file_size,
    file_lock, file_unlock, file_check_lock, file_control, file_sector, file_traits, file_map,
    file_map_lock, file_map_barrier, file_unmap, NULL, NULL,
};

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *given) {
    (void)vfs;
    struct recorded_file *recorded = own(file);
    memset(recorded, 0, sizeof *recorded);
    int code = below()->xOpen(below(), path, inner(file), flags, given);
    if (inner(file)->pMethods == NULL) return code;
    recorded->base.pMethods = &methods;
    if (code != SQLITE_OK || path == NULL || !(flags & SQLITE_OPEN_READWRITE)) return code;
    recorded->path = path;
    recorded->token = calls.opened(path);
    int is_log = (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL)) != 0;
    recorded->syncs_folder = is_log && (flags & SQLITE_OPEN_CREATE);
    return code;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int syncs_folder) {
    (void)vfs;
    int code = below()->xDelete(below(), path, syncs_folder);
    if (code != SQLITE_OK) return code;
    calls.removed(path);
    if (syncs_folder) calls.folder_synced(path);
    return code;
}

static int vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *answer) {
    (void)vfs;
    return below()->xAccess(below(), path, flags, answer);
}
static int vfs_full_path(sqlite3_vfs *vfs, const char *path, int count, char *full) {
    (void)vfs;
    return below()->xFullPathname(below(), path, count, full);
}
static int vfs_random(sqlite3_vfs *vfs, int count, char *bytes) {
    (void)vfs;
    return below()->xRandomness(below(), count, bytes);
}
static int vfs_sleep(sqlite3_vfs *vfs, int microseconds) {
    (void)vfs;
    return below()->xSleep(below(), microseconds);
}
static int vfs_time(sqlite3_vfs *vfs, double *days) {
    (void)vfs;
    return below()->xCurrentTime(below(), days);
}
static int vfs_error(sqlite3_vfs *vfs, int count, char *text) {
    (void)vfs;
    return below()->xGetLastError(below(), count, text);
}

int jade_recording_vfs_install(const struct jade_recording_calls *given) {
    if (recording_vfs.pAppData) return SQLITE_OK;
    calls = *given;
    sqlite3_vfs *system = sqlite3_vfs_find(NULL);
    if (system == NULL) return SQLITE_ERROR;
    recording_vfs = (sqlite3_vfs){
        .iVersion = 1,
        .szOsFile = (int)sizeof(struct recorded_file) + system->szOsFile,
        .mxPathname = system->mxPathname,
        .zName = "jade-recording",
        .pAppData = system,
        .xOpen = vfs_open,
        .xDelete = vfs_delete,
        .xAccess = vfs_access,
        .xFullPathname = vfs_full_path,
        .xRandomness = vfs_random,
        .xSleep = vfs_sleep,
        .xCurrentTime = vfs_time,
        .xGetLastError = vfs_error,
    };
    return sqlite3_vfs_register(&recording_vfs, 1);
}
