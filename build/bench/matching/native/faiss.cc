// FAISS as a peer of the matcher: flat (inner product, euclidean), 8-bit scalar-quantised inner product, and IVF.
// usage: faiss ROWS N D QUERIES NQ KINDS CELLS, KINDS of flat,l2,sq8,ivf; says its threads and its BLAS, then commands on stdin:
//   flat|l2|sq8|ivf FIRST COUNT -> ms
//   hits FIRST COUNT -> ten row numbers per query, by IVF
//   probes COUNT -> milliseconds that making the cells took; COUNT cells are searched from now on (first 32)
#include <faiss/IndexFlat.h>
#include <faiss/IndexIVFFlat.h>
#include <faiss/IndexScalarQuantizer.h>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>
#include <omp.h>

extern "C" char *openblas_get_config(void);
extern "C" char *openblas_get_corename(void);

static std::vector<float> read_file(const char *path, size_t count) {
  std::vector<float> data(count);
  FILE *file = fopen(path, "rb");
  if (!file || fread(data.data(), 4, count, file) != count) { fprintf(stderr, "cannot read %s\n", path); exit(1); }
  fclose(file);
  return data;
}

int main(int argc, char **argv) {
  if (argc != 8) return 1;
  const long n = atol(argv[2]), d = atol(argv[3]), nq = atol(argv[5]);
  const auto wanted = [&](const char *kind) { return strstr(argv[6], kind) != nullptr; };
  const long ncells = atol(argv[7]);
  double build_ms = 0;
  faiss::IndexFlatIP flat(d), cells(d);
  faiss::IndexFlatL2 l2(d);
  faiss::IndexScalarQuantizer sq8(d, faiss::ScalarQuantizer::QT_8bit, faiss::METRIC_INNER_PRODUCT);
  faiss::IndexIVFFlat ivf(&cells, d, ncells, faiss::METRIC_INNER_PRODUCT);
  {
    std::vector<float> rows = read_file(argv[1], n * d);
    if (wanted("flat")) flat.add(n, rows.data());
    if (wanted("l2")) l2.add(n, rows.data());
    if (wanted("sq8")) {
      sq8.train(n < 20000 ? n : 20000, rows.data());
      sq8.add(n, rows.data());
    }
    if (wanted("ivf")) {
      auto start = std::chrono::steady_clock::now();
      // As many rows per cell as ours learns from, from all over the rows.
      const long sample = n < 64 * ncells ? n : 64 * ncells, step = n / sample;
      std::vector<float> some(sample * d);
      for (long i = 0; i < sample; i++) memcpy(&some[i * d], &rows[i * step * d], d * 4);
      ivf.train(sample, some.data());
      ivf.add(n, rows.data());
      ivf.nprobe = 32;
      build_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    }
  }
  std::vector<float> queries = read_file(argv[4], nq * d);
  printf("ready %d threads, %s, %s\n", omp_get_max_threads(), openblas_get_corename(), openblas_get_config());
  fflush(stdout);
  char line[256], what[16];
  std::vector<float> scores(10 * nq);
  std::vector<faiss::Index::idx_t> ids(10 * nq);
  while (fgets(line, sizeof line, stdin)) {
    long first = 0, count = 1;
    sscanf(line, "%15s %ld %ld", what, &first, &count);
    if (!strcmp(what, "probes")) {
      ivf.nprobe = first;
      printf("%.3f\n", build_ms);
      fflush(stdout);
      continue;
    }
    faiss::Index *index = !strcmp(what, "flat")  ? (faiss::Index *)&flat
                          : !strcmp(what, "l2")  ? (faiss::Index *)&l2
                          : !strcmp(what, "sq8") ? (faiss::Index *)&sq8
                                                 : &ivf;
    if (first < 0 || count < 1 || first + count > nq) { printf("bad\n"); fflush(stdout); continue; }
    // One query is shared out by cells, more by queries.
    ivf.parallel_mode = count == 1 ? 1 : 0;
    auto start = std::chrono::steady_clock::now();
    index->search(count, queries.data() + first * d, 10, scores.data(), ids.data());
    if (!strcmp(what, "hits")) {
      for (long i = 0; i < 10 * count; i++) printf("%ld ", (long)ids[i]);
      printf("\n");
      fflush(stdout);
      continue;
    }
    printf("%.6f\n", std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    fflush(stdout);
  }
  return 0;
}
