#!/usr/bin/env python3
"""Writes the fixture of a release: fixtures are how the tests know that a database of then opens today (docs/upgrading.md).

    make.py COMMAND… -- NAME

COMMAND starts the server of that release, without options: `dotnet …/Chat.Web.dll`. It is told to put its database into a temporary folder,
people talk in it over the comet wire, and the server is stopped. What it answered then – rooms, history, private messages, searches – is
written to NAME.json, and its database to NAME.db.gz, without free space.
"""

import gzip
import hashlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

PORT = 18613
PASSWORD = "correct-horse"
MEMBERS_PASSWORD = "a horse in the rain"
IDENTITY = ("https://id.example", "subject-4711")
EMAIL = "mia@home.example"
URL = f"http://127.0.0.1:{PORT}"
TEN_YEARS = 315_360_000

# Words that a search finds, and how often; whole words, since releases before schema 3 know no others.
SEARCHES = ["lighthouse", '"green tea"', "naïve", "Straße", "🙂 lighthouse", "don't", "секрет"]


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


OPENER = urllib.request.build_opener(NoRedirect)


def call(path, host, token=None, form=None):
    """The answer of a call and its headers. Every person comes from an address of their own."""
    request = urllib.request.Request(URL + path, headers={"X-Forwarded-For": host})
    if token:
        request.add_header("Cookie", f"chat_sess={token}")
    if form is not None:
        request.data = urllib.parse.urlencode(form).encode()
    try:
        with OPENER.open(request, timeout=30) as answer:
            return answer.read().decode(), answer.headers
    except urllib.error.HTTPError as refusal:
        return refusal.read().decode(), refusal.headers


class Person:
    def __init__(self, nick, number, **more):
        self.nick, self.host = nick, f"198.51.100.{number}"
        _, headers = call("/login/", self.host, form={"nick": nick, **more})
        self.token = re.search("chat_sess=([^;]+)", headers["Set-Cookie"]).group(1)
        self.key = hashlib.sha256(self.token.encode()).hexdigest()

    def ask(self, path, form=None):
        while True:
            answer = json.loads(call(path, self.host, self.token, form)[0])
            if answer.get("response") != "rate_limited":
                return answer
            time.sleep(answer.get("retry_after", 1))

    def do(self, path, form):
        answer = self.ask(path, form)
        if answer["status"] != "ok":
            raise SystemExit(f"{self.nick}: {path} {form} was refused: {answer}")
        return answer["response"]

    def knows(self, path, form):
        """The answer of a call that not every release has; None if this one does not."""
        try:
            return self.do(path, form)
        except json.JSONDecodeError:
            return None

    def say(self, text, **more):
        self.do("/chat/send_msg/", {"msg": text, **more})

    def pages(self, query):
        """All items that a list of history has, oldest first: its texts with who said them."""
        items, before = [], ""
        while True:
            page = self.ask(f"/chat/history/?limit=100&{query}{before}")["response"]
            page = page["items"] if isinstance(page, dict) else page
            if not page:
                return items
            items = [fact(one) for one in page] + items
            before = f"&before={page[0]['id']}"


def fact(item):
    """An item as the test compares it."""
    data, kind = item["d"], item["t"]
    if kind == "system_msg" and "data" in item:
        data, kind = item["data"], item["kind"]
    if kind == "whisper":
        return {"id": item["id"], "kind": kind, "nick": data["from"], "to": data["to"], "text": data["msg"], "own": data["own"]}
    if kind == "topic":
        return {"id": item["id"], "kind": kind, "nick": data["nick"], "text": data["topic"]}
    return {"id": item["id"], "kind": "action" if item.get("action") else "said", "nick": data["nick"], "text": data["msg"]}


class Members:
    """
    mia, an administrator for good with two devices, who owns a private room; and noa, who has no session. With what each release knows of
    that: before schema 4, there are no members, before schema 5 no administrators for good, invitations and identities, and before schema 6
    no e-mail addresses.
    """

    def __init__(self, ada, bob):
        self.mia = Person("mia", 6, keep="1")
        self.exist = self.mia.knows("/chat/register/", {"password": MEMBERS_PASSWORD}) is not None
        if not self.exist:
            self.mia.do("/chat/leave/", {})
            return
        self.phone = Person("mia", 6, keep="1", password=MEMBERS_PASSWORD)
        noa = Person("noa", 7, keep="1")
        noa.do("/chat/register/", {"password": MEMBERS_PASSWORD})
        self.noa = noa.ask("/chat/me/")["response"]["user_id"]
        noa.do("/chat/leave/", {})
        self.mia.do("/chat/join/", {"room": "vault", "private": "1"})
        self.mia.say("/invite Bob", room="vault")
        bob.do("/chat/join/", {"room": "vault"})
        self.mia.say("/moderator Bob", room="vault")
        self.mia.say("what is said in the vault", room="vault")
        self.mia.say("a secret of the vault", to="Bob")
        ada.say("/admin grant mia")
        self.reset = ada.do("/admin/reset/", {"nick": "noa"})
        self.invitation = ada.knows("/admin/invitation/", {})

    def awake(self):
        """Keeps the sessions from going offline."""
        if self.exist:
            self.mia.ask("/chat/me/")
            self.phone.ask("/chat/me/")

    def facts(self):
        me = self.mia.ask("/chat/me/")["response"]
        vault = self.mia.ask("/chat/room/?room=vault")["response"]
        links = {"reset": self.reset, **({"invitation": self.invitation} if self.invitation else {})}
        return {
            "members": [
                {"nick": "mia", "user_id": me["user_id"], "keys": [self.mia.key, self.phone.key], "admin": me["admin"], "read": me["read"]},
                {"nick": "noa", "user_id": self.noa, "keys": [], "admin": False, "read": []},
            ],
            "password": MEMBERS_PASSWORD,
            "links": {kind: {"hash": hashlib.sha256(link["path"].split("token=")[1].encode()).hexdigest(), "until": link["until"]}
                      for kind, link in links.items()},
            "vault": {"owner": vault["owner"], "moderators": vault["moderators"]},
        }


def talk():
    """Everything that a database can have in it. Gives what the server says of it afterwards."""
    ada, bob, eva, mo, troll = people = [Person(nick, number) for number, nick in enumerate(["ada", "Bob", "eva", "mo", "troll"], 1)]
    ada.say("/auth " + PASSWORD)
    for who, room in [(ada, "Den"), (bob, "den"), (eva, "garden"), (ada, "garden"), (mo, "teahouse")]:
        who.do("/chat/join/", {"room": room})
    ada.say("/topic News of the 灯台 lighthouse", room="den")
    eva.say("/topic Growing things 🌱", room="garden")
    eva.say("/topic Growing things, and tea", room="garden")
    mo.say("/topic お茶と話", room="teahouse")
    mo.knows("/chat/room/rename/", {"room": "teahouse", "title": "Teestube"})
    texts = [
        "the lighthouse is lit", "green tea or black?", "I don't know", "a naïve question: Größe or Straße?", "🙂👩‍👩‍👧‍👦 lighthouse 🇯🇵", "我好想要中文搜尋",
        "ภาษาไทยไม่มีช่องว่าง", "это секрет", "deployment is done", "line one\nline two", "<b>bold</b> & 'quotes' \"double\"", "  blanks around  ", "e\u0301 decomposed",
    ]
    members = Members(ada, bob)
    for i in range(48):
        members.awake()
        for at, (who, room) in enumerate([(ada, "lobby"), (bob, "den"), (eva, "garden"), (mo, "teahouse"), (troll, "lobby")]):
            text = texts[(i + at) % len(texts)]
            who.say(f"{text} ({i})" if i % 3 else text, room=room, **({"key": f"key {i}"} if i % 5 == 0 else {}))
        if i % 4 == 0:
            bob.say("/me waves", room="den")
            ada.say(f"psst, a secret {i}", to="bob")
            bob.say(f"I keep it: секрет {i}", to="ada")
            eva.say(f"tea at {i}? 🍵", to="mo")
    ada.say("/admin mute mo 315000000")
    ada.say(f"/admin ban troll rude {TEN_YEARS}")
    bob.do("/chat/part/", {"room": "den"})
    bob.do("/chat/join/", {"room": "den"})
    ada.say("the last word on the lighthouse")
    people.remove(troll)
    if members.exist:
        members.mia.do("/chat/read/", {"room": "lobby", "up_to": str(ada.pages("room=lobby")[-1]["id"])})
        people.append(members.mia)
    time.sleep(1)

    rooms = sorted(ada.ask("/chat/rooms/")["response"], key=lambda room: room["name"])
    rooms_with = {"lobby": ada, "Den": ada, "garden": eva, "teahouse": mo, **({"vault": members.mia} if members.exist else {})}
    return {
        **(members.facts() if members.exist else {}),
        "epoch": ada.ask("/chat/start/")["epoch"],
        "people": [{"nick": who.nick, "key": who.key, "user_id": who.ask("/chat/me/")["response"]["user_id"],
                    "rooms": sorted(who.ask("/chat/me/")["response"]["rooms"])} for who in people],
        "rooms": [{key: room[key] for key in ("name", "title", "topic", "members") if key in room} for room in rooms],
        "banned": troll.host,
        "muted": mo.nick,
        "history": {room: who.pages("room=" + room) for room, who in rooms_with.items()},
        "private": [{"nick": who.nick, "with": other, "items": who.pages("with=" + other)}
                    for who, other in [(ada, "Bob"), (bob, "ada"), (eva, "mo"), (mo, "eva")]],
        "searches": [{"query": query, "ids": searched(ada, query)} for query in SEARCHES],
    }


def searched(who, query):
    page = who.ask("/chat/search/?limit=200&q=" + urllib.parse.quote(query))["response"]
    return [item["id"] for item in (page["items"] if isinstance(page, dict) else page)]


def main():
    split = sys.argv.index("--")
    command, name = sys.argv[1:split], sys.argv[split + 1]
    with tempfile.TemporaryDirectory(prefix="erlchat-fixture-") as folder:
        path = os.path.join(folder, "chat.db")
        server = subprocess.Popen([*command, "--urls", URL], env={
            **os.environ, "Log__Path": path, "Log__SnapshotEvery": "100", "Log__RestoreMail": "20", "Chat__AdminPassword": PASSWORD,
            "Chat__TrustedProxies": "127.0.0.1", "Logging__LogLevel__Default": "Warning", "Logging__LogLevel__Microsoft": "Warning"})
        try:
            for _ in range(100):
                try:
                    call("/", "198.51.100.99")
                    break
                except OSError:
                    time.sleep(0.2)
            said = talk()
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)
        with sqlite3.connect(path) as database:
            said["schema"] = database.execute("PRAGMA user_version").fetchone()[0]

            # Members can have an identity elsewhere since schema 5, and an e-mail address since schema 6. The rows are written here, since
            # there is no provider and no mail server.
            if said["schema"] >= 5:
                database.execute("INSERT INTO external_identity VALUES (?, ?, ?)", (*IDENTITY, said["members"][1]["user_id"]))
                said["identity"] = {"issuer": IDENTITY[0], "subject": IDENTITY[1], "user_id": said["members"][1]["user_id"]}
            if said["schema"] >= 6:
                database.execute("INSERT INTO email_address VALUES (?, ?)", (said["members"][0]["user_id"], EMAIL))
                said["email"] = {"user_id": said["members"][0]["user_id"], "address": EMAIL}
            said["entries"] = database.execute("SELECT count(*), max(sequence) FROM entry").fetchone()
            said["snapshots"] = [row[0] for row in database.execute("SELECT sequence FROM snapshot ORDER BY sequence")]
            database.execute("PRAGMA journal_mode = DELETE")
        database.execute("VACUUM")
        database.close()
        with open(path, "rb") as plain, open(name + ".db.gz", "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
            packed.write(plain.read())
    with open(name + ".json", "w", encoding="utf-8") as file:
        json.dump(said, file, ensure_ascii=False, indent=1, sort_keys=True)
        file.write("\n")


main()
