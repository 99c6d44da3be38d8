#!/usr/bin/env python3
"""A web server for tests that does what it is told: answers well, badly, late, or never.

    web_server.py DIRECTORY [PORT [ADDRESS]]

DIRECTORY holds server.pem (certificate and key), site/ (files that are served as they are, with ETag, conditions and
ranges) and, when a test wants it, rules.json: {"/path": [rule, ...]}. The n-th request for a path gets the n-th rule,
later ones the last. A rule may have: status, headers, body, file (below site/), cut (so many bytes are sent, then the
connection ends), length (what is claimed), hang, drip (a byte at a time, for ever), endless (chunks, for ever),
together (it is answered when so many requests with this rule wait at the same moment, and with 503 if they never do),
pieces (so many of the same size, of which as many are sent as the number in the file "pieces" says, as soon as it does).
What lies below site/git is served by git's own program for that, as its https: addresses are.
Every request is a line of JSON in requests.log. A second port is a proxy: CONNECT to any host ends here.
It prints both ports, and ends when its standard input does.
"""
import hashlib
import http.server
import json
import os
import socket
import socketserver
import ssl
import subprocess
import sys
import threading

ROOT = sys.argv[1]
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 0
ADDRESS = sys.argv[3] if len(sys.argv) > 3 else '127.0.0.1'
LOCK = threading.Lock()
COUNTS = {}
BARRIERS = {}
PATIENCE = 20  # seconds until nobody else comes
ENDED = threading.Event()


def rule_for(path):
    try:
        with open(os.path.join(ROOT, 'rules.json'), encoding='utf-8') as file:
            rules = json.load(file)
    except FileNotFoundError:
        return None
    if path not in rules:
        return None
    with LOCK:
        number = COUNTS.get(path, 0)
        COUNTS[path] = number + 1
    return rules[path][min(number, len(rules[path]) - 1)]


def others_came(number):
    with LOCK:
        barrier = BARRIERS.setdefault(number, threading.Barrier(number))
    try:
        barrier.wait(PATIENCE)
    except threading.BrokenBarrierError:
        return False
    return True


def wanted_pieces():
    try:
        with open(os.path.join(ROOT, 'pieces'), encoding='utf-8') as file:
            return int(file.read() or 0)
    except FileNotFoundError:
        return 0


def log(entry):
    with LOCK, open(os.path.join(ROOT, 'requests.log'), 'a', encoding='utf-8') as file:
        file.write(json.dumps(entry) + '\n')


def file_bytes(path):
    name = os.path.normpath(os.path.join(ROOT, 'site', path.lstrip('/')))
    if not name.startswith(os.path.join(ROOT, 'site')) or not os.path.isfile(name):
        return None
    with open(name, 'rb') as file:
        return file.read()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def setup(self):
        self.request = self.server.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def do_GET(self):
        path = self.path.split('?')[0]
        log({'path': self.path, 'headers': {name.lower(): value for name, value in self.headers.items()}})
        rule = rule_for(path)
        if rule is None and path.startswith('/git/') and ('/info/refs' in path or self.command == 'POST'):
            self.serve_git()
        elif rule is None:
            self.serve_file(file_bytes(path))
        else:
            self.follow(rule)

    def do_POST(self):
        self.do_GET()

    def serve_git(self):
        path, _, query = self.path.partition('?')
        body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
        environment = {'PATH': os.environ.get('PATH', '/usr/bin:/bin'), 'GIT_PROJECT_ROOT': os.path.join(ROOT, 'site'),
                       'GIT_HTTP_EXPORT_ALL': '1', 'PATH_INFO': path, 'QUERY_STRING': query,
                       'REQUEST_METHOD': self.command, 'CONTENT_LENGTH': str(len(body)),
                       'CONTENT_TYPE': self.headers.get('Content-Type', ''),
                       'HTTP_CONTENT_ENCODING': self.headers.get('Content-Encoding', ''),
                       'GIT_PROTOCOL': self.headers.get('Git-Protocol', '')}
        said = subprocess.run(['git', 'http-backend'], input=body, env=environment, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        head, _, data = said.partition(b'\r\n\r\n')
        headers = dict(line.split(': ', 1) for line in head.decode('latin-1').split('\r\n') if ': ' in line)
        self.answer(int(headers.pop('Status', '200').split()[0]), headers, data)

    def serve_file(self, data):
        if data is None:
            self.answer(404, {}, b'no such thing')
            return
        etag = '"%s"' % hashlib.sha256(data).hexdigest()[:16]
        if self.headers.get('If-None-Match') == etag:
            self.answer(304, {'ETag': etag}, b'')
            return
        wanted = self.headers.get('Range', '')
        if wanted.startswith('bytes=') and self.headers.get('If-Range', etag) == etag:
            start = int(wanted[len('bytes='):].rstrip('-'))
            headers = {'ETag': etag, 'Content-Range': 'bytes %d-%d/%d' % (start, len(data) - 1, len(data))}
            self.answer(206, headers, data[start:])
            return
        self.answer(200, {'ETag': etag}, data)

    def answer(self, status, headers, data):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header('Content-Length', str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def follow(self, rule):
        self.close_connection = True
        if rule.get('hang'):
            ENDED.wait()
            return
        if 'together' in rule and not others_came(rule['together']):
            rule = {'status': 503}
        data = file_bytes(rule['file']) if 'file' in rule else rule.get('body', '').encode()
        self.send_response(rule.get('status', 200))
        for name, value in rule.get('headers', {}).items():
            self.send_header(name, value)
        if rule.get('endless'):
            self.send_header('Transfer-Encoding', 'chunked')
            self.end_headers()
            while not ENDED.is_set():
                self.wfile.write(b'10000\r\n' + b'x' * 0x10000 + b'\r\n')
            return
        self.send_header('Content-Length', str(rule.get('length', len(data))))
        self.end_headers()
        if rule.get('drip'):
            for byte in data:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                if ENDED.wait(1):
                    return
        if 'pieces' in rule:
            self.send_pieces(data, rule['pieces'])
            return
        self.wfile.write(data[:rule.get('cut', len(data))])

    def send_pieces(self, data, pieces):
        sent = 0
        while sent < pieces:
            if sent < wanted_pieces():
                self.wfile.write(data[len(data) * sent // pieces:len(data) * (sent + 1) // pieces])
                self.wfile.flush()
                sent += 1
            elif ENDED.wait(0.02):
                return

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # the other end went away, as tests want it


class Tunnel(socketserver.StreamRequestHandler):
    def handle(self):
        line = self.rfile.readline().decode('latin-1').split()
        while self.rfile.readline().strip():
            pass
        log({'connect': line[1] if len(line) > 1 else ''})
        inner = socket.create_connection(('127.0.0.1', self.server.target))
        self.request.sendall(b'HTTP/1.1 200 fine\r\n\r\n')
        threading.Thread(target=self.copy, args=(inner, self.request), daemon=True).start()
        self.copy(self.request, inner)

    @staticmethod
    def copy(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass


class Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass


def main():
    server = Server((ADDRESS, PORT), Handler)
    server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.context.load_cert_chain(os.path.join(ROOT, 'server.pem'))
    proxy = Proxy(('127.0.0.1', 0), Tunnel)
    proxy.target = server.server_address[1]
    for one in (server, proxy):
        threading.Thread(target=one.serve_forever, daemon=True).start()
    print(server.server_address[1], proxy.server_address[1], flush=True)
    sys.stdin.read()
    ENDED.set()


main()
