/* The folder of a test, as the shell's tests have it. */
#include "shell/folder.c"
