/* Counts what is allocated: the allocators are interposed, the symbols below stand before libc's,
 * count, and hand on to glibc's own. Sanitizers bring their own allocators, so the counting part is
 * skipped there (NOALLOC_COUNTS is 0). For one file of a program; the first that it includes, before
 * the poison list, and after _GNU_SOURCE is defined. */
#ifndef OMO_TESTS_CONFORMANCE_NOALLOC_H
#define OMO_TESTS_CONFORMANCE_NOALLOC_H

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#define NOALLOC_COUNTS 0
#else
#define NOALLOC_COUNTS 1
#endif

static atomic_ulong calls;

#if NOALLOC_COUNTS
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);

void *malloc(size_t size)
{
    calls++;
    return __libc_malloc(size);
}
void *calloc(size_t count, size_t size)
{
    calls++;
    return __libc_calloc(count, size);
}
void *realloc(void *old, size_t size)
{
    calls++;
    return __libc_realloc(old, size);
}
void *aligned_alloc(size_t alignment, size_t size)
{
    calls++;
    return __libc_memalign(alignment, size);
}
void free(void *memory)
{
    calls += memory != NULL;
    __libc_free(memory);
}
void *mmap(void *at, size_t size, int protection, int flags, int file, off_t offset)
{
    calls++;
    return (void *)syscall(SYS_mmap, at, size, protection, flags, file, offset);
}
int munmap(void *at, size_t size)
{
    calls++;
    return (int)syscall(SYS_munmap, at, size);
}
#endif

#endif
