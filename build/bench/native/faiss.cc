// FAISS as a peer of the matcher: flat and 8-bit scalar-quantised inner product, and IVF with 512 cells.
// usage: faiss ROWS N D QUERIES NQ WITH_IVF, then commands on stdin: flat|sq8|ivf FIRST COUNT -> ms
#include <faiss/IndexFlat.h>
#include <faiss/IndexIVFFlat.h>
#include <faiss/IndexScalarQuantizer.h>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

static std::vector<float> read_file(const char *path, size_t count) {
  std::vector<float> data(count);
  FILE *file = fopen(path, "rb");
  if (!file || fread(data.data(), 4, count, file) != count) { fprintf(stderr, "cannot read %s\n", path); exit(1); }
  fclose(file);
  return data;
}

int main(int argc, char **argv) {
  if (argc != 7) return 1;
  const long n = atol(argv[2]), d = atol(argv[3]), nq = atol(argv[5]);
  const bool with_ivf = atoi(argv[6]) != 0;
  faiss::IndexFlatIP flat(d), cells(d);
  faiss::IndexScalarQuantizer sq8(d, faiss::ScalarQuantizer::QT_8bit, faiss::METRIC_INNER_PRODUCT);
  faiss::IndexIVFFlat ivf(&cells, d, 512, faiss::METRIC_INNER_PRODUCT);
  {
    std::vector<float> rows = read_file(argv[1], n * d);
    flat.add(n, rows.data());
    sq8.train(n < 20000 ? n : 20000, rows.data());
    sq8.add(n, rows.data());
    if (with_ivf) { ivf.train(n < 50000 ? n : 50000, rows.data()); ivf.add(n, rows.data()); ivf.nprobe = 32; }
  }
  std::vector<float> queries = read_file(argv[4], nq * d);
  printf("ready\n");
  fflush(stdout);
  char line[256], what[16];
  std::vector<float> scores(10 * nq);
  std::vector<faiss::Index::idx_t> ids(10 * nq);
  while (fgets(line, sizeof line, stdin)) {
    long first = 0, count = 1;
    sscanf(line, "%15s %ld %ld", what, &first, &count);
    faiss::Index *index = !strcmp(what, "flat") ? (faiss::Index *)&flat : !strcmp(what, "sq8") ? (faiss::Index *)&sq8 : &ivf;
    if (first < 0 || count < 1 || first + count > nq) { printf("bad\n"); fflush(stdout); continue; }
    auto start = std::chrono::steady_clock::now();
    index->search(count, queries.data() + first * d, 10, scores.data(), ids.data());
    printf("%.6f\n", std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    fflush(stdout);
  }
  return 0;
}
