#ifndef JADE_RECORDING_VFS_H
#define JADE_RECORDING_VFS_H

#include <stdint.h>

/* A SQLite VFS over the default one that tells of every change of a file after it was made. SQLite's shared memory is not
 * told of: nothing of it has to survive. */

struct jade_recording_calls {
    /* A file is open that may be written: a token for the calls below, 0 for one that nobody wants to hear of. */
    int64_t (*opened)(const char *path);
    void (*written)(int64_t token, const void *bytes, int64_t count, int64_t offset);
    void (*truncated)(int64_t token, int64_t size);
    void (*synced)(int64_t token);
    void (*removed)(const char *path);
    /* The folder that names the file has been synced. */
    void (*folder_synced)(const char *path);
};

/* Makes the recording VFS the default one of the process, once and for good. Returns an SQLite result code. */
int jade_recording_vfs_install(const struct jade_recording_calls *calls);

#endif
