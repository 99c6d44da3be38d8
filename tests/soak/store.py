"""A registry on an https server of this machine that works, fails half way, hangs, lies, or is not there at all."""
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import zipfile

SERVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support/web_server.py")
REGISTRY, ARCHIVE = "/plugins.json", "/u/plugins/archive/refs/heads/main.zip"
MOODS = ("up", "up", "up", "down", "refuses", "half a list", "half an archive", "hangs", "shrunk", "a login page")


def certificates(folder, names="DNS:localhost,IP:127.0.0.1"):
    """An authority and a certificate for this machine."""
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    with open(os.path.join(folder, "names"), "w", encoding="ascii") as file:
        file.write(f"subjectAltName={names}\n")
    openssl("req", "-x509", "-keyout", "ca.key", "-out", "ca.pem", "-days", "30", "-subj", "/CN=authority of a test", *key)
    openssl("req", "-keyout", "key", "-out", "csr", "-subj", "/CN=localhost", *key)
    openssl("x509", "-req", "-in", "csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30",
            "-extfile", "names", "-out", "certificate")
    with open(os.path.join(folder, "server.pem"), "wb") as out:
        for part in ("certificate", "key"):
            with open(os.path.join(folder, part), "rb") as file:
                shutil.copyfileobj(file, out)


class Store:
    """`plugins`: directories to offer, all from one repository, as the official registry has them."""

    def __init__(self, folder, plugins):
        self.folder = folder
        os.makedirs(os.path.join(folder, "site/u/plugins/archive/refs/heads"))
        certificates(folder)
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.port = one.getsockname()[1]
        self.url = f"https://127.0.0.1:{self.port}{REGISTRY}"
        self.ca_file = os.path.join(folder, "ca.pem")
        self.plugins, self.version = plugins, 0
        self.process = None
        self.publish()
        self.mood = ""
        self.be("up")

    def publish(self):
        """A newer version of everything."""
        self.version += 1
        version = f"1.{self.version}.0"
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in self.plugins:
                name = os.path.basename(path)
                for file_name in sorted(os.listdir(path)):
                    with open(os.path.join(path, file_name), encoding="utf-8") as file:
                        text = file.read()
                    if file_name == "manifest.json":
                        manifest = json.loads(text)
                        manifest["version"] = version
                        text = json.dumps(manifest, indent=2)
                    archive.writestr(f"plugins-main/plugins/{name}/{file_name}", text)
        self.put(ARCHIVE, packed.getvalue())
        self.put(REGISTRY, self.list_of(self.plugins, version))

    def list_of(self, plugins, version):
        entries = [{"id": os.path.basename(path), "name": os.path.basename(path), "description": "of the soak",
                    "author": "soak", "category": "time", "repo": f"https://127.0.0.1:{self.port}/u/plugins",
                    "branch": "main", "plugin_path": "plugins/" + os.path.basename(path), "latest_version": version,
                    "verified": True} for path in plugins]
        return json.dumps({"last_updated": "2026-02-01", "plugins": entries}).encode()

    def put(self, path, data):
        where = os.path.join(self.folder, "site", path.lstrip("/"))
        with open(where + ".new", "wb") as file:
            file.write(data)
        os.rename(where + ".new", where)

    def be(self, mood):
        if mood == self.mood:
            return
        self.mood = mood
        rules = {
            "refuses": {path: [{"status": 503}] for path in (REGISTRY, ARCHIVE)},
            "half a list": {REGISTRY: [{"file": REGISTRY.lstrip("/"), "cut": 700}]},
            "half an archive": {ARCHIVE: [{"file": ARCHIVE.lstrip("/"), "cut": 1500}]},
            "hangs": {path: [{"hang": True}] for path in (REGISTRY, ARCHIVE)},
            "shrunk": {REGISTRY: [{"body": self.list_of(self.plugins[:1], "1.0.0").decode()}]},
            "a login page": {path: [{"body": "<html>please log in</html>"}] for path in (REGISTRY, ARCHIVE)},
        }.get(mood, {})
        where = os.path.join(self.folder, "rules.json")
        with open(where + ".new", "w", encoding="utf-8") as file:
            json.dump(rules, file)
        os.rename(where + ".new", where)
        if mood == "down":
            self.stop()
        elif self.process is None:
            self.process = subprocess.Popen([sys.executable, SERVER, self.folder, str(self.port)],
                                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            self.process.stdout.readline()

    def stop(self):
        if self.process is None:
            return
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self.process = None
