/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A fuzz target without libFuzzer: replay FILE|DIRECTORY... runs each input once.
 */
#include "fuzz/fuzz.h"

static unsigned inputs;

static void replay(const char *path)
{
    FILE          *file = fopen(path, "rb");
    static uint8_t bytes[1 << 20];
    fuzz_require(file);
    size_t   n = fread(bytes, 1, sizeof bytes, file);
    uint8_t *exact = malloc(n ? n : 1); /* so that a sanitizer sees its end */
    fuzz_require(exact);
    memcpy(exact, bytes, n);
    fclose(file);
    (void)LLVMFuzzerTestOneInput(exact, n);
    free(exact);
    inputs++;
}

static void replay_all(const char *directory)
{
    struct dirent **names;
    int             n = scandir(directory, &names, NULL, alphasort);
    fuzz_require(n >= 0);
    for (int i = 0; i < n; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", directory, names[i]->d_name);
        if (names[i]->d_name[0] != '.')
            replay(path);
        free(names[i]);
    }
    free(names);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct stat info;
        fuzz_require(argv[i][0] == '/'); /* targets change their directory */
        fuzz_require(stat(argv[i], &info) == 0);
        if (S_ISDIR(info.st_mode))
            replay_all(argv[i]);
        else
            replay(argv[i]);
    }
    fuzz_require(inputs > 0);
    printf("%u inputs\n", inputs);
    return 0;
}
