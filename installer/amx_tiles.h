/* Put in front of every file of llama.cpp by installer/engine.sh.

   GCC before 11.5, 12.4 and 13.3 (bug 114098) believes that ldtilecfg and
   sttilecfg do not touch the memory they point to, and deletes the stores that
   fill the tile configuration: on a CPU with AMX the first decode of a quantised
   model then dies of SIGSEGV. Debian 12 ships 12.2. Naming the whole 64 bytes
   as operands keeps the stores, and a tile load is ordered after the stores
   that fill its buffer; AMX stays on. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__AMX_TILE__)
#include <immintrin.h>
#undef _tile_loadconfig
#undef _tile_storeconfig
static inline void balcao_tile_loadconfig(const void *config) {
    __asm__ volatile("ldtilecfg\t%0" : : "m"(*(const char(*)[64])config));
}
static inline void balcao_tile_storeconfig(void *config) {
    __asm__ volatile("sttilecfg\t%0" : "=m"(*(char(*)[64])config));
}
#define _tile_loadconfig balcao_tile_loadconfig
#define _tile_storeconfig balcao_tile_storeconfig
#undef _tile_loadd_internal
#define _tile_loadd_internal(dst, base, stride)                             \
    __asm__ volatile("tileloadd\t(%0,%1,1), %%tmm" #dst                      \
                     :: "r"((const void *)(base)), "r"((long)(stride)) : "memory")
#endif
