/* The minimal long-polling server: one thread, epoll, and only the HTTP that the load tool sends.
 *   GET /N    answers with the messages after N, or parks until there is one; X-Last says how far the answer goes
 *   POST /    a message (Content-Length), for everybody
 *   GET /ready
 * Usage: floor PORT */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { KEPT = 4096, TEXT = 128, FILES = 20000, INPUT = 65536 };

static struct { int length; char text[TEXT]; } kept[KEPT]; /* message n is kept[n % KEPT] */
static long last;
static unsigned char parked[FILES];
static int highest;
static struct { int length; char *bytes; } unread[FILES];
static char input[INPUT + 1], output[KEPT * TEXT + 256];

static void send_all(int file, const char *bytes, int length) {
  /* A client that does not read these few bytes is not the load tool. */
  if (send(file, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) parked[file] = 0;
}

static int make_answer(long after) {
  static char body[KEPT * TEXT];
  int length = 0;
  if (last - after > KEPT) after = last - KEPT;
  for (long n = after + 1; n <= last; n++) {
    memcpy(body + length, kept[n % KEPT].text, kept[n % KEPT].length);
    length += kept[n % KEPT].length;
  }
  int head = sprintf(output, "HTTP/1.1 200 OK\r\nX-Last: %ld\r\nContent-Length: %d\r\n\r\n", last, length);
  memcpy(output + head, body, length);
  return head + length;
}

static void say(const char *text, int length) {
  last++;
  kept[last % KEPT].length = length < TEXT ? length : TEXT;
  memcpy(kept[last % KEPT].text, text, kept[last % KEPT].length);
  int size = make_answer(last - 1);
  for (int file = 0; file <= highest; file++)
    if (parked[file]) {
      parked[file] = 0;
      send_all(file, output, size);
    }
}

/* Answers one request. Returns its length, or 0 when it is not complete yet. */
static int serve(int file, char *request) {
  char *end = strstr(request, "\r\n\r\n");
  if (!end) return 0;
  end += 4;
  if (strncmp(request, "POST", 4) == 0) {
    char *mark = strcasestr(request, "Content-Length:");
    int length = mark ? atoi(mark + 15) : 0;
    if ((int)strlen(end) < length) return 0;
    say(end, length);
    send_all(file, "HTTP/1.1 204 No Content\r\n\r\n", 27);
    return end + length - request;
  }
  if (strncmp(request, "GET /ready", 10) == 0) {
    send_all(file, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 38);
    return end - request;
  }
  long after = atol(request + 5);
  if (after < 0) after = last;
  if (after < last)
    send_all(file, output, make_answer(after));
  else
    parked[file] = 1;
  return end - request;
}

static void readable(int file) {
  int kept_length = unread[file].length;
  memcpy(input, unread[file].bytes ? unread[file].bytes : "", kept_length);
  free(unread[file].bytes);
  unread[file].bytes = NULL;
  unread[file].length = 0;
  int count = recv(file, input + kept_length, INPUT - kept_length, MSG_DONTWAIT);
  if (count <= 0) {
    parked[file] = 0;
    close(file);
    return;
  }
  int length = kept_length + count, done = 0, one;
  input[length] = 0;
  while (done < length && (one = serve(file, input + done)) > 0) done += one;
  if (done < length) {
    unread[file].length = length - done;
    unread[file].bytes = malloc(length - done);
    memcpy(unread[file].bytes, input + done, length - done);
  }
}

int main(int count, char **words) {
  if (count != 2) return 2;
  signal(SIGPIPE, SIG_IGN);
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(words[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) {
    perror("listen");
    return 1;
  }
  int epoll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[256];
  epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    int ready = epoll_wait(epoll, events, 256, -1);
    for (int i = 0; i < ready; i++) {
      int file = events[i].data.fd;
      if (file != listener) {
        readable(file);
        continue;
      }
      while ((file = accept4(listener, NULL, NULL, 0)) >= 0) {
        if (file >= FILES) {
          close(file);
          continue;
        }
        if (file > highest) highest = file;
        setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        event.events = EPOLLIN;
        event.data.fd = file;
        epoll_ctl(epoll, EPOLL_CTL_ADD, file, &event);
      }
    }
  }
}
