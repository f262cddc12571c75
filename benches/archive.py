#!/usr/bin/env python3
"""Measures an archive on a search server, beside a library on this machine that holds the same articles.

usage: benches/archive.py DATELINE http://HOST:PORT/INDEX [LIBRARY.db]

`cargo bench --bench library -- 1000000 write=news.jsonl` writes articles, `dateline add --to ADDRESS news.jsonl` and
`dateline add --library FILE news.jsonl` store them. Each question is asked once through a proxy, which notes the requests
that dateline sends for it. Then it is asked directly, and the same requests are sent with curl. The columns:

  dateline   the whole program on the clock, from its start to its end, in ms
  ours       its processor time, user and system, in ms (`--version` takes the first row)
  curl       what curl takes for the same requests one after another, in ms
  server     what the server says that it took for them, in ms
  n, bytes   how many requests, and how long their answers are
  local      the whole program with the library on this machine, in ms

Figures are medians of 7, after the question was asked once. In a row that says `cold`, the server forgets its answers before
each time; those of pages are never kept by it, but the numbers of their articles are."""

import http.client
import http.server
import json
import os
import pty
import resource
import select
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

TIMES = 7
ANYBODY = "Reagan"


class Proxy(http.server.ThreadingHTTPServer):
    """Passes requests on to the server and notes them."""

    daemon_threads = True

    def __init__(self, host):
        self.host, self.noted, self.lock = host, [], threading.Lock()
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind = self.headers.get("Content-Type") or "application/json"
        with self.server.lock:
            self.server.noted.append((self.command, self.path, kind, body))
        onward = http.client.HTTPConnection(self.server.host, timeout=120)
        onward.request(self.command, self.path, body, {"Content-Type": kind})
        answer = onward.getresponse()
        content = answer.read()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.getheader("Content-Type") or "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = pass_on

    def log_message(self, *_):
        pass


class Bench:
    def __init__(self, dateline, address, local):
        self.dateline, self.address, self.local = dateline, address, local
        parts = urllib.parse.urlsplit(address)
        self.host, self.index = parts.netloc, parts.path.strip("/")
        self.proxy = Proxy(self.host)
        self.behind = f"http://127.0.0.1:{self.proxy.server_address[1]}/{self.index}"
        self.home = tempfile.mkdtemp(prefix="dateline-bench-")
        self.env = dict(os.environ, HOME=self.home, XDG_CONFIG_HOME=self.home, XDG_DATA_HOME=self.home)

    def forget(self):
        run = ["curl", "-s", "-o", "/dev/null", "-X", "POST", f"http://{self.host}/{self.index}*/_cache/clear?request=true"]
        subprocess.run(run, check=False)

    def run(self, library, words):
        """The clock and the processor time of one run, in ms."""
        before, since = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        command = [self.dateline] + (["--library", library] if library else []) + words
        subprocess.run(command, env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        clock, after = time.perf_counter() - since, resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return clock * 1000, spent * 1000

    def requests(self, words):
        self.proxy.noted.clear()
        self.run(self.behind, words)
        return list(self.proxy.noted)

    def curl(self, request):
        """What curl takes for a request, what the server says, in ms, and the bytes of the answer."""
        method, path, kind, body = request
        into = os.path.join(self.home, "answer")
        command = ["curl", "-s", "-X", method, "-H", f"Content-Type: {kind}", "-w", "%{time_total}", "-o", into]
        command += ["--data-binary", "@-"] if body else []
        done = subprocess.run(command + [f"http://{self.host}{path}"], input=body, stdout=subprocess.PIPE, check=False)
        with open(into, "rb") as file:
            answer = file.read()
        try:
            took = json.loads(answer).get("took", 0)
        except ValueError:
            took = 0
        return float(done.stdout) * 1000, took, len(answer)

    def bare(self, requests, cold=False):
        if cold:
            self.forget()
        answers = [self.curl(request) for request in requests]
        return tuple(sum(column) for column in zip(*answers)) if answers else (0, 0, 0)

    def row(self, name, words, cold=False):
        requests = self.requests(words)
        runs = []
        for _ in range(TIMES):
            if cold:
                self.forget()
            runs.append(self.run(self.address, words))
        bare = [self.bare(requests, cold) for _ in range(TIMES)]
        local = [self.run(self.local, words)[0] for _ in range(TIMES)] if self.local else []
        middle = lambda values: statistics.median(values) if values else float("nan")
        print(
            f"| {name} | {middle([clock for clock, _ in runs]):.0f} | {middle([spent for _, spent in runs]):.0f} "
            f"| {middle([one[0] for one in bare]):.1f} | {middle([one[1] for one in bare]):.0f} | {len(requests)} "
            f"| {bare[0][2]:,} | {f'{middle(local):.0f}' if local else ''} |",
            flush=True,
        )

    def reader(self, seconds):
        """Opens the reader in a terminal of 80x24 for some seconds: its requests, and its memory in MB."""
        self.proxy.noted.clear()
        pid, terminal = pty.fork()
        if pid == 0:
            os.environ.update(self.env, TERM="xterm-256color", COLUMNS="80", LINES="24")
            os.execv(self.dateline, [self.dateline, "--library", self.behind])
        import fcntl, struct, termios
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        until, memory = time.time() + seconds, "?"
        keys = iter([b"j", b"j", b" ", b" ", b"G", b"g", b"T", b"q"])
        while time.time() < until:
            if select.select([terminal], [], [], 0.5)[0]:
                try:
                    os.read(terminal, 65536)
                except OSError:
                    break
            else:
                try:
                    with open(f"/proc/{pid}/status") as file:
                        fields = dict(line.split(":", 1) for line in file)
                    memory = f"{int(fields['VmRSS'].split()[0]) // 1024} MB, at most {int(fields['VmHWM'].split()[0]) // 1024}"
                except (OSError, KeyError):
                    break
                key = next(keys, None)
                if key and key != b"q":
                    os.write(terminal, key)
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
        return list(self.proxy.noted), memory


def value(bench, command):
    """The most frequent name of a kind."""
    words = [bench.dateline, "--library", bench.address, command, "--limit", "1", "--json"]
    told = subprocess.run(words, env=bench.env, stdout=subprocess.PIPE, check=False).stdout.decode()
    first = next((line for line in told.splitlines() if line.strip()), "{}")
    try:
        found = json.loads(first if first.startswith("{") else told)
        found = found[0] if isinstance(found, list) else found
        return found.get("value") or found.get("name") or ANYBODY
    except ValueError:
        return ANYBODY


def main():
    bench = Bench(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None)
    person, country = value(bench, "people"), value(bench, "countries")
    count = subprocess.run(["curl", "-s", f"{bench.address}/_count"], stdout=subprocess.PIPE, check=False).stdout
    print(f"{json.loads(count).get('count'):,} articles; a person: {person}; a country: {country}\n")
    print("| question | dateline | ours | curl | server | n | bytes | local |\n| --- | --- | --- | --- | --- | --- | --- | --- |")
    bench.row("`--version`", ["--version"])
    pages = [
        "",
        "government",
        '"last year"',
        f'person:"{person}"',
        f"country:{country}",
        f"-country:{country}",
        f"country:{country} bank -oil since:2019",
        f'by:"{person}"',
        f'by:"{person}" said:trade',
        "trade sort:relevance",
    ]
    for query in pages:
        bench.row(f"first page of `{query}`", ["list", "--limit", "50"] + (["--", query] if query else []))
    bench.row("`people`, cold", ["people", "--limit", "20"], cold=True)
    bench.row("`people`", ["people", "--limit", "20"])
    bench.row("`people government`, cold", ["people", "--limit", "20", "government"], cold=True)
    bench.row("the newest 20 quotes of a speaker", ["quotes", "--limit", "20", f'by:"{person}"'])
    bench.row("`timeline`", ["timeline"])
    bench.row("`profile`", ["profile", person])
    noted, memory = bench.reader(25)
    facets = [one for one in noted if one[3].count(b'"aggs"') >= 6][:1]
    for name, cold in [("six facets of everything, cold", True), ("six facets of everything", False)]:
        told = [bench.bare(facets, cold) for _ in range(TIMES)]
        middle = lambda at: statistics.median(one[at] for one in told)
        print(f"| {name} | | | {middle(0):.1f} | {middle(1):.0f} | {len(facets)} | {told[0][2]:,} | |")
    print(f"\nThe reader after {len(noted)} requests: {memory}.")


main()
