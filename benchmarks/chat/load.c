// Members of a chat room: opens many WebSockets, reads whatever comes as fast as it can, and says what arrived.
//
//   load <port> <file with a path a line> <handshakes at once> [tls]
//
// A message is what holds ~<number, 10 digits>~<CLOCK_MONOTONIC ns, 19 digits>~ anywhere in its text. On stdout:
//   up <connected> <refused> <seconds until the last one> <p50 ms> <p99 ms>   when all were tried; a socket counts as
//                                                                             connected with its first frame
//   done <number>                                                             when every member has this message
//   report <messages> <frames> <bytes> <p50 ms> <p95 ms> <p99 ms> <processor seconds> <sockets that are gone>
// On stdin, a line each: `zero` starts counting anew, `report`, `stall <n>` (n of them stop reading), `quit`.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TRYING, SHAKING, ASKED, OPEN, GONE };
enum { MOST = 100000, BUFFER = 1 << 20, BINS = 1 << 20, STEP_US = 10 };

typedef struct {
  int fd, state;
  SSL *tls;
  char *path, *kept;        // kept: what has come of a frame that is not whole
  size_t length, room;
  double began;
} Member;

static Member members[MOST];
static int total, next, trying, connected, refused, gone, at_once, port, secure, epoll;
static uint32_t *arrived;             // by message: how many members have it
static uint32_t times[BINS];
static float shook[MOST];             // ms from connect to the first frame
static uint64_t messages, frames, bytes;
static double began;
static char buffer[BUFFER + 1];
static SSL_CTX *context;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void end(Member *m) {
  if (m->state == GONE) return;
  if (m->state != OPEN) { refused++; trying--; } else gone++;
  m->state = GONE;
  if (m->tls) SSL_free(m->tls);
  close(m->fd);
}

static ssize_t take(Member *m, void *into, size_t most) {
  if (!m->tls) return read(m->fd, into, most);
  int got = SSL_read(m->tls, into, most);
  if (got > 0) return got;
  errno = SSL_get_error(m->tls, got) == SSL_ERROR_WANT_READ ? EAGAIN : EIO;
  return -1;
}

static void dial(Member *m) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  m->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  int on = 1;
  setsockopt(m->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  m->began = now();
  m->state = SHAKING;
  trying++;
  if (connect(m->fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS) { end(m); return; }
  struct epoll_event e = {.events = EPOLLIN | EPOLLOUT, .data.ptr = m};
  epoll_ctl(epoll, EPOLL_CTL_ADD, m->fd, &e);
}

static void ask(Member *m) {
  char text[4096];
  if (secure) {
    if (!m->tls) { m->tls = SSL_new(context); SSL_set_fd(m->tls, m->fd); }
    int done = SSL_connect(m->tls);
    if (done != 1) {
      int why = SSL_get_error(m->tls, done);
      if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) end(m);
      if (why == SSL_ERROR_WANT_READ) {
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = m};
        epoll_ctl(epoll, EPOLL_CTL_MOD, m->fd, &e);
      }
      return;
    }
  }
  int n = snprintf(text, sizeof text,
                   "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n", m->path, port);
  ssize_t sent = m->tls ? SSL_write(m->tls, text, n) : write(m->fd, text, n);
  if (sent != n) { end(m); return; }
  m->state = ASKED;
  struct epoll_event e = {.events = EPOLLIN, .data.ptr = m};
  epoll_ctl(epoll, EPOLL_CTL_MOD, m->fd, &e);
}

static void count(Member *m, const char *text, size_t length) {
  const char *at = text, *stop = text + length;
  frames++;
  if (m->state == ASKED) {
    m->state = OPEN;
    trying--;
    shook[connected++] = (now() - m->began) * 1000;
  }
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  int64_t here = t.tv_sec * 1000000000LL + t.tv_nsec;
  while ((at = memchr(at, '~', stop - at)) && stop - at > 31) {
    if (at[11] != '~' || at[31] != '~') { at++; continue; }
    uint32_t number = strtoul(at + 1, NULL, 10);
    int64_t us = (here - strtoll(at + 12, NULL, 10)) / 1000;
    if (number < MOST * 10 && ++arrived[number] == (uint32_t)connected) printf("done %u\n", number);
    times[us < 0 ? 0 : us / STEP_US < BINS ? us / STEP_US : BINS - 1]++;
    messages++;
    at += 32;
  }
}

// Whole frames of what has come; returns how much of it they took. A server's frames are not masked.
static size_t whole(Member *m, char *text, size_t length) {
  size_t at = 0;
  if (m->state == ASKED && !m->room) {  // room: the handshake's answer is behind us
    char *head = memmem(text, length, "\r\n\r\n", 4);
    if (!head) return 0;
    if (strncmp(text, "HTTP/1.1 101", 12)) { end(m); return length; }
    m->room = 1;
    at = head + 4 - text;
  }
  while (m->state != GONE && length - at >= 2) {
    const unsigned char *h = (unsigned char *)text + at;
    size_t size = h[1] & 127, head = 2;
    if (size == 126) { if (length - at < 4) break; size = h[2] << 8 | h[3]; head = 4; }
    else if (size == 127) {
      if (length - at < 10) break;
      size = 0;
      for (int i = 2; i < 10; i++) size = size << 8 | h[i];
      head = 10;
    }
    if (length - at < head + size) break;
    if ((h[0] & 15) == 1) count(m, text + at + head, size);
    if ((h[0] & 15) == 8) { end(m); return length; }
    if ((h[0] & 15) == 1 && size == 1 && text[at + head] == '2') {  // engine.io's ping wants its pong
      unsigned char pong[] = {0x81, 0x81, 0, 0, 0, 0, '3'};
      if (write(m->fd, pong, sizeof pong) < 0) end(m);
    }
    if ((h[0] & 15) == 1 && size && text[at + head] == '0' && text[at + head + 1] == '{') {  // and its opening a 40
      unsigned char join[] = {0x81, 0x82, 0, 0, 0, 0, '4', '0'};
      if (write(m->fd, join, sizeof join) < 0) end(m);
    }
    at += head + size;
  }
  return at;
}

static void receive(Member *m) {
  for (;;) {
    size_t held = m->length;
    if (held > BUFFER / 2) { end(m); return; }
    if (held) memcpy(buffer, m->kept, held);
    ssize_t got = take(m, buffer + held, BUFFER - held);
    if (got <= 0) {
      if (got == 0 || errno != EAGAIN) end(m);
      return;
    }
    bytes += got;
    size_t length = held + got, taken = whole(m, buffer, length);
    if (m->state == GONE) return;
    m->length = length - taken;
    if (m->length) {
      m->kept = realloc(m->kept, m->length);
      memcpy(m->kept, buffer + taken, m->length);
    }
    if (!m->tls && (size_t)got < BUFFER - held) return;
  }
}

static int by_size(const void *a, const void *b) { return (*(float *)a > *(float *)b) - (*(float *)a < *(float *)b); }

static double at_percent(double percent) {
  uint64_t wanted = messages * percent / 100, seen = 0;
  for (int i = 0; i < BINS; i++)
    if ((seen += times[i]) > wanted) return i * STEP_US / 1000.0;
  return 0;
}

static void command(char *line) {
  if (!strncmp(line, "zero", 4)) { messages = frames = bytes = 0; memset(times, 0, sizeof times); }
  if (!strncmp(line, "stall", 5))
    for (int i = 0, n = atoi(line + 5); i < n && i < total; i++) {
      int little = 4096;
      setsockopt(members[i].fd, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
      epoll_ctl(epoll, EPOLL_CTL_DEL, members[i].fd, NULL);
    }
  if (!strncmp(line, "report", 6)) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    double cpu = used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    printf("report %lu %lu %lu %.2f %.2f %.2f %.2f %d\n", messages, frames, bytes, at_percent(50), at_percent(95),
           at_percent(99), cpu, gone);
  }
  if (!strncmp(line, "quit", 4)) exit(0);
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  port = atoi(argv[1]);
  at_once = atoi(argv[3]);
  secure = argc > 4;
  setvbuf(stdout, NULL, _IOLBF, 0);
  context = SSL_CTX_new(TLS_client_method());
  FILE *listed = fopen(argv[2], "r");
  for (char *path = NULL, *end; total < MOST; total++) {
    size_t room = 0;
    path = NULL;
    if (!listed || getline(&path, &room, listed) < 0) break;
    if ((end = strchr(path, '\n'))) *end = 0;
    members[total].path = path;
  }
  arrived = calloc(MOST * 10, sizeof *arrived);
  epoll = epoll_create1(0);
  fcntl(0, F_SETFL, O_NONBLOCK);
  struct epoll_event standard_input = {.events = EPOLLIN, .data.ptr = NULL}, found[256];
  epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &standard_input);
  began = now();
  int told = 0;
  for (;;) {
    while (next < total && trying < at_once) dial(&members[next++]);
    if (!told && next == total && !trying) {
      told = 1;
      double seconds = now() - began;
      qsort(shook, connected, sizeof *shook, by_size);
      printf("up %d %d %.3f %.1f %.1f\n", connected, refused, seconds, connected ? shook[connected / 2] : 0,
             connected ? shook[connected * 99 / 100] : 0);
    }
    int n = epoll_wait(epoll, found, 256, 1000);
    for (int i = 0; i < n; i++) {
      Member *m = found[i].data.ptr;
      if (!m) {
        char line[256] = "", *rest = line, *each;
        if (read(0, line, sizeof line - 1) == 0) exit(0);
        while ((each = strsep(&rest, "\n"))) command(each);
      } else if (m->state == SHAKING) {
        ask(m);
      } else if (m->state != GONE) {
        receive(m);
      }
    }
  }
}
