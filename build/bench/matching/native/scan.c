/*
 * The fair peers of the matcher: the same scans written in C with the best instructions of this machine (-march=native),
 * all cores, plain top-k without bounds or exact scoring. Rows and queries come from files of f32.
 *
 * usage: scan ROWS N D QUERIES NQ THREADS, then commands on stdin, one answer line each:
 *   f32 N FIRST COUNT    ms of the exact f32 scan of the first N rows for COUNT queries from FIRST, by dot product
 *   l2 N FIRST COUNT     the same by euclidean distance
 *   int8 N FIRST COUNT   ms of the int8 scan (rows and queries int8)
 *   stream N             ms of reading the first N f32 rows once, and the bytes read
 *   truth N Q K          row numbers of the K best by f64 dot product (ties by row number)
 *   distances N Q K      the same by f64 euclidean distance
 */
#include <immintrin.h>
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TOP 10
#define MAX_K 100
#define MAX_QUERIES 32
#define MAX_THREADS 64
#define TILE_BYTES 131072

static float *rows, *queries;
static int8_t *rows8, *queries8;
static float *scales;
static long n_rows, dims, n_queries, n_threads;

typedef struct { double score; long row; } hit;
typedef struct { hit best[MAX_K]; int count, k; double low; } top;

static void offer(top *t, double score, long row) {
  if (t->count == t->k && score <= t->low) return;
  int at = t->count < t->k ? t->count++ : t->k - 1;
  while (at > 0 && t->best[at - 1].score < score) { t->best[at] = t->best[at - 1]; at--; }
  t->best[at].score = score;
  t->best[at].row = row;
  if (t->count == t->k) t->low = t->best[t->k - 1].score;
}

static double now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

#ifdef __AVX512F__
static inline float dot_f32(const float *a, const float *b) {
  __m512 s0 = _mm512_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;
  for (long k = 0; k < dims; k += 64) {
    s0 = _mm512_fmadd_ps(_mm512_loadu_ps(a + k), _mm512_loadu_ps(b + k), s0);
    s1 = _mm512_fmadd_ps(_mm512_loadu_ps(a + k + 16), _mm512_loadu_ps(b + k + 16), s1);
    s2 = _mm512_fmadd_ps(_mm512_loadu_ps(a + k + 32), _mm512_loadu_ps(b + k + 32), s2);
    s3 = _mm512_fmadd_ps(_mm512_loadu_ps(a + k + 48), _mm512_loadu_ps(b + k + 48), s3);
  }
  return _mm512_reduce_add_ps(_mm512_add_ps(_mm512_add_ps(s0, s1), _mm512_add_ps(s2, s3)));
}
#else
static inline float dot_f32(const float *a, const float *b) {
  __m256 s0 = _mm256_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;
  for (long k = 0; k < dims; k += 32) {
    s0 = _mm256_fmadd_ps(_mm256_loadu_ps(a + k), _mm256_loadu_ps(b + k), s0);
    s1 = _mm256_fmadd_ps(_mm256_loadu_ps(a + k + 8), _mm256_loadu_ps(b + k + 8), s1);
    s2 = _mm256_fmadd_ps(_mm256_loadu_ps(a + k + 16), _mm256_loadu_ps(b + k + 16), s2);
    s3 = _mm256_fmadd_ps(_mm256_loadu_ps(a + k + 24), _mm256_loadu_ps(b + k + 24), s3);
  }
  __m256 s = _mm256_add_ps(_mm256_add_ps(s0, s1), _mm256_add_ps(s2, s3));
  float out[8];
  _mm256_storeu_ps(out, s);
  return out[0] + out[1] + out[2] + out[3] + out[4] + out[5] + out[6] + out[7];
}
#endif

#ifdef __AVX512F__
static inline float distance_f32(const float *a, const float *b) {
  __m512 s0 = _mm512_setzero_ps(), s1 = s0;
  for (long k = 0; k < dims; k += 32) {
    __m512 d0 = _mm512_sub_ps(_mm512_loadu_ps(a + k), _mm512_loadu_ps(b + k));
    __m512 d1 = _mm512_sub_ps(_mm512_loadu_ps(a + k + 16), _mm512_loadu_ps(b + k + 16));
    s0 = _mm512_fmadd_ps(d0, d0, s0);
    s1 = _mm512_fmadd_ps(d1, d1, s1);
  }
  return _mm512_reduce_add_ps(_mm512_add_ps(s0, s1));
}
#else
static inline float distance_f32(const float *a, const float *b) {
  __m256 s0 = _mm256_setzero_ps(), s1 = s0;
  for (long k = 0; k < dims; k += 16) {
    __m256 d0 = _mm256_sub_ps(_mm256_loadu_ps(a + k), _mm256_loadu_ps(b + k));
    __m256 d1 = _mm256_sub_ps(_mm256_loadu_ps(a + k + 8), _mm256_loadu_ps(b + k + 8));
    s0 = _mm256_fmadd_ps(d0, d0, s0);
    s1 = _mm256_fmadd_ps(d1, d1, s1);
  }
  float out[8];
  _mm256_storeu_ps(out, _mm256_add_ps(s0, s1));
  return out[0] + out[1] + out[2] + out[3] + out[4] + out[5] + out[6] + out[7];
}
#endif

#if defined(__AVX512VNNI__) && defined(__AVX512BW__)
/* dpbusd wants one unsigned side: 128 is added to the row, and 128 * sum(query) taken off by the caller's constant. */
static const char *int8_name = "avx512-vnni";
static inline int dot_int8(const int8_t *a, const int8_t *b, int correction) {
  const __m512i flip = _mm512_set1_epi8((char)0x80);
  __m512i s0 = _mm512_setzero_si512(), s1 = s0;
  for (long k = 0; k < dims; k += 128) {
    s0 = _mm512_dpbusd_epi32(s0, _mm512_xor_si512(_mm512_loadu_si512(a + k), flip), _mm512_loadu_si512(b + k));
    s1 = _mm512_dpbusd_epi32(s1, _mm512_xor_si512(_mm512_loadu_si512(a + k + 64), flip), _mm512_loadu_si512(b + k + 64));
  }
  return _mm512_reduce_add_epi32(_mm512_add_epi32(s0, s1)) - correction;
}
#else
static const char *int8_name = "avx2";
static inline int dot_int8(const int8_t *a, const int8_t *b, int correction) {
  (void)correction;
  __m256i s0 = _mm256_setzero_si256(), s1 = s0, s2 = s0, s3 = s0;
#define STEP(s, o) s = _mm256_add_epi32(s, _mm256_madd_epi16( \
    _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(a + k + o))), \
    _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(b + k + o)))))
  for (long k = 0; k < dims; k += 64) { STEP(s0, 0); STEP(s1, 16); STEP(s2, 32); STEP(s3, 48); }
  __m256i s = _mm256_add_epi32(_mm256_add_epi32(s0, s1), _mm256_add_epi32(s2, s3));
  __m128i h = _mm_add_epi32(_mm256_castsi256_si128(s), _mm256_extracti128_si256(s, 1));
  h = _mm_add_epi32(h, _mm_shuffle_epi32(h, 0x4e));
  h = _mm_add_epi32(h, _mm_shuffle_epi32(h, 0xb1));
  return _mm_cvtsi128_si32(h);
}
#endif

/* Eight sums side by side: for the compiler to put into vectors. */
static double dot_f64(const float *a, const float *b) {
  double s[8] = {0};
  for (long k = 0; k < dims; k += 8)
    for (int i = 0; i < 8; i++) s[i] += (double)a[k + i] * b[k + i];
  return ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7]));
}

static double distance_f64(const float *a, const float *b) {
  double s[8] = {0};
  for (long k = 0; k < dims; k += 8)
    for (int i = 0; i < 8; i++) { double d = (double)a[k + i] - b[k + i]; s[i] += d * d; }
  return sqrt(((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7])));
}

typedef struct { char what; long from, to, first, count; top tops[MAX_QUERIES]; double sink; } job;

static void work(job *j) {
  if (j->what == 's') {
    __m256i s0 = _mm256_setzero_si256(), s1 = s0, s2 = s0, s3 = s0;
    const char *p = (const char *)(rows + j->from * dims), *end = (const char *)(rows + j->to * dims);
    for (; p < end; p += 128) {
      s0 = _mm256_xor_si256(s0, _mm256_loadu_si256((const __m256i *)p));
      s1 = _mm256_xor_si256(s1, _mm256_loadu_si256((const __m256i *)(p + 32)));
      s2 = _mm256_xor_si256(s2, _mm256_loadu_si256((const __m256i *)(p + 64)));
      s3 = _mm256_xor_si256(s3, _mm256_loadu_si256((const __m256i *)(p + 96)));
    }
    j->sink = _mm256_extract_epi64(_mm256_xor_si256(_mm256_xor_si256(s0, s1), _mm256_xor_si256(s2, s3)), 0);
    return;
  }
  if (j->what == 't' || j->what == 'd') {
    const float *q = queries + j->first * dims;
    for (long i = j->from; i < j->to; i++) {
      offer(&j->tops[0], j->what == 't' ? dot_f64(q, rows + i * dims) : -distance_f64(q, rows + i * dims), i);
    }
    return;
  }
  int corrections[MAX_QUERIES];
  for (long c = 0; c < j->count; c++) {
    corrections[c] = 0;
    for (long k = 0; k < dims; k++) corrections[c] += 128 * queries8[(j->first + c) * dims + k];
  }
  long tile = j->count == 1 ? j->to - j->from : TILE_BYTES / (j->what == 'i' ? dims : dims * 4);
  for (long at = j->from; at < j->to; at += tile) {
    long end = at + tile < j->to ? at + tile : j->to;
    for (long c = 0; c < j->count; c++) {
      top *t = &j->tops[c];
      if (j->what != 'i') {
        const float *q = queries + (j->first + c) * dims;
        if (j->what == 'f') for (long i = at; i < end; i++) offer(t, dot_f32(rows + i * dims, q), i);
        else for (long i = at; i < end; i++) offer(t, -distance_f32(rows + i * dims, q), i);
      } else {
        const int8_t *q = queries8 + (j->first + c) * dims;
        for (long i = at; i < end; i++) offer(t, scales[i] * dot_int8(rows8 + i * dims, q, corrections[c]), i);
      }
    }
  }
}

static job jobs[MAX_THREADS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t begun = PTHREAD_COND_INITIALIZER, ended = PTHREAD_COND_INITIALIZER;
static long round_number, running;

/* Threads stand from the start and sleep between questions; the main thread is the first of them. */
static void *stand(void *argument) {
  job *j = argument;
  for (long seen = 0;;) {
    pthread_mutex_lock(&lock);
    while (round_number == seen) pthread_cond_wait(&begun, &lock);
    seen = round_number;
    pthread_mutex_unlock(&lock);
    work(j);
    pthread_mutex_lock(&lock);
    if (--running == 0) pthread_cond_signal(&ended);
    pthread_mutex_unlock(&lock);
  }
  return NULL;
}

static void start_threads(void) {
  pthread_t thread;
  for (long t = 1; t < n_threads; t++) {
    if (pthread_create(&thread, NULL, stand, &jobs[t])) { fprintf(stderr, "cannot start a thread\n"); exit(1); }
  }
}

static double run(char what, long n, long first, long count, int k) {
  double start = now_ms();
  for (long t = 0; t < n_threads; t++) {
    job *j = &jobs[t];
    j->what = what; j->from = n * t / n_threads; j->to = n * (t + 1) / n_threads; j->first = first; j->count = count;
    for (int c = 0; c < MAX_QUERIES; c++) { j->tops[c].count = 0; j->tops[c].k = k; j->tops[c].low = -1e300; }
  }
  pthread_mutex_lock(&lock);
  running = n_threads - 1;
  round_number++;
  pthread_cond_broadcast(&begun);
  pthread_mutex_unlock(&lock);
  work(&jobs[0]);
  pthread_mutex_lock(&lock);
  while (running > 0) pthread_cond_wait(&ended, &lock);
  pthread_mutex_unlock(&lock);
  return now_ms() - start;
}

static float *read_file(const char *path, long count) {
  float *data = aligned_alloc(64, count * 4);
  FILE *file = fopen(path, "rb");
  if (!data || !file || fread(data, 4, count, file) != (size_t)count) { fprintf(stderr, "cannot read %s\n", path); exit(1); }
  fclose(file);
  return data;
}

static void quantise(const float *from, int8_t *to, float *scale) {
  float most = 0;
  for (long k = 0; k < dims; k++) if (fabsf(from[k]) > most) most = fabsf(from[k]);
  for (long k = 0; k < dims; k++) to[k] = (int8_t)lrintf(from[k] * 127 / most);
  if (scale) *scale = most / 127;
}

int main(int argc, char **argv) {
  if (argc != 7) return 1;
  n_rows = atol(argv[2]); dims = atol(argv[3]); n_queries = atol(argv[5]); n_threads = atol(argv[6]);
  if (dims % 128 || n_threads < 1 || n_threads > MAX_THREADS) return 1;
  rows = read_file(argv[1], n_rows * dims);
  queries = read_file(argv[4], n_queries * dims);
  rows8 = aligned_alloc(64, n_rows * dims);
  queries8 = aligned_alloc(64, n_queries * dims);
  scales = malloc(n_rows * sizeof(float));
  for (long i = 0; i < n_rows; i++) quantise(rows + i * dims, rows8 + i * dims, scales + i);
  for (long i = 0; i < n_queries; i++) quantise(queries + i * dims, queries8 + i * dims, NULL);
  start_threads();
  printf("ready %s\n", int8_name);
  fflush(stdout);
  char line[256], what[16];
  while (fgets(line, sizeof line, stdin)) {
    long n = 0, first = 0, count = 1;
    sscanf(line, "%15s %ld %ld %ld", what, &n, &first, &count);
    if (n < 1 || n > n_rows || first < 0 || first + (what[0] == 't' || what[0] == 'd' ? 1 : count) > n_queries) { printf("bad\n"); fflush(stdout); continue; }
    if (what[0] == 't' || what[0] == 'd') {
      run(what[0], n, first, 1, count < MAX_K ? (int)count : MAX_K);
      top all = { .count = 0, .k = count < MAX_K ? (int)count : MAX_K, .low = -1e300 };
      for (long t = 0; t < n_threads; t++)
        for (int i = 0; i < jobs[t].tops[0].count; i++) offer(&all, jobs[t].tops[0].best[i].score, jobs[t].tops[0].best[i].row);
      for (int i = 0; i < all.count; i++) printf("%ld ", all.best[i].row);
      printf("\n");
    } else if (what[0] == 's') printf("%.6f %ld\n", run('s', n, 0, 1, TOP), n * dims * 4);
    else printf("%.6f\n", run(what[0], n, first, count > MAX_QUERIES ? MAX_QUERIES : count, TOP));
    fflush(stdout);
  }
  return 0;
}
