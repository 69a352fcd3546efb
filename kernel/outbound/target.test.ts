import assert from "node:assert/strict";
import { test } from "node:test";
import { readConfig } from "../config.ts";
import { codeOf, outboundTo } from "./hosts.fixture.ts";
import { findTarget } from "./target.ts";

/** Each is one place that is not the public Internet; what comes in several spellings comes in all of them. */
const NOT_PUBLIC = {
  loopback: ["127.0.0.1", "127.255.255.254", "[::1]"],
  "loopback in other spellings": [
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "017700000001",
    "0177.0.0.1",
    "127.0.0.1.",
    "%31%32%37.0.0.1",
    "１２７.0.0.1",
  ],
  "loopback in the clothes of IPv6": [
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[::ffff:0:127.0.0.1]",
  ],
  private: [
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "[::ffff:10.0.0.1]",
    "[64:ff9b::10.0.0.1]",
    "[2002:a00:1::1]",
  ],
  "this host": ["0.0.0.0", "0", "0.1.2.3", "[::]", "[::ffff:0.0.0.0]"],
  "link-local and metadata": [
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "[fe80::1]",
    "[::ffff:a9fe:a9fe]",
    "[64:ff9b::a9fe:a9fe]",
    "100.100.100.200",
    "192.0.0.192",
    "[fd00:ec2::254]",
    "168.63.129.16",
  ],
  "carriers' networks": ["100.64.0.1", "100.127.255.255"],
  "unique local and site-local": ["[fc00::1]", "[fdff::1]", "[fec0::1]"],
  "multicast and broadcast": ["224.0.0.1", "239.255.255.255", "255.255.255.255", "[ff02::1]"],
  reserved: [
    "192.0.2.1",
    "198.51.100.1",
    "203.0.113.1",
    "198.18.0.1",
    "240.0.0.1",
    "192.88.99.1",
    "[2001:db8::1]",
    "[3fff::1]",
    "[100::1]",
    "[5f00::1]",
    "[4000::1]",
    "[2001::1]",
    "[2001:2::1]",
  ],
};

for (const [kind, hosts] of Object.entries(NOT_PUBLIC)) {
  test(`what leads to ${kind} addresses is refused, however it is written`, async () => {
    const reached = [];
    for (const host of hosts) {
      const code = await codeOf(findTarget(outboundTo({}, ""), `http://${host}/`));
      if (code !== "refused_address") reached.push(`${host}: ${code}`);
    }
    assert.deepEqual(reached, []);
  });

  test(`a name that leads to ${kind} addresses is refused`, async () => {
    for (const host of hosts.map((one) =>
      new URL(`http://${one}/`).hostname.replace(/[[\]]/g, "").replace(/\.$/, ""),
    )) {
      const outbound = outboundTo({ "inside.test": [["93.184.215.14", host]] }, "");
      assert.equal(await codeOf(findTarget(outbound, "https://inside.test/")), "refused_address", host);
    }
  });
}

test("what is on the public Internet is found, by IPv4, IPv6 and through a gateway between them", async () => {
  const addresses = [
    "93.184.215.14",
    "172.15.0.1",
    "172.32.0.1",
    "100.63.255.255",
    "2606:4700::1111",
    "64:ff9b::5db8:d70e",
  ];
  const { addresses: found } = await findTarget(
    outboundTo({ "example.test": [addresses] }, ""),
    "https://example.test/",
  );
  assert.deepEqual(
    found.map(({ address }) => address),
    addresses,
  );
  for (const host of ["93.184.215.14", "[2606:4700::1111]", "[::ffff:93.184.215.14]"])
    assert.equal(await codeOf(findTarget(outboundTo({}, ""), `https://${host}:8443/`)), "none", host);
});

test("a refusal names the host, and not where it leads", async () => {
  const outbound = outboundTo({ "db.internal": [["10.1.2.3"]] }, "");
  await assert.rejects(findTarget(outbound, "https://db.internal/"), (error: Error) => {
    assert.match(error.message, /^db\.internal is not on the public Internet\. Give an address that is/);
    assert.doesNotMatch(error.message, /10\.1\.2\.3/);
    assert.match(String(error.cause), /10\.1\.2\.3/);
    return true;
  });
});

test("the operator allows addresses, networks and hosts, and nothing beside them", async () => {
  const names = {
    "search.internal": [["10.9.9.9"]],
    "other.internal": [["10.9.9.9"]],
    "near.test": [["10.1.255.1"]],
    "far.test": [["10.2.0.1"]],
  };
  const allowed = "10.1.0.0/16, 192.168.1.5 ,fd00::/8,Search.Internal";
  const code = (url: string) => codeOf(findTarget(outboundTo(names, allowed), url));
  for (const host of [
    "search.internal",
    "SEARCH.internal.",
    "near.test",
    "192.168.1.5",
    "[fd12::1]",
    "[::ffff:10.1.0.1]",
  ])
    assert.equal(await code(`http://${host}/`), "none", host);
  for (const host of ["other.internal", "far.test", "192.168.1.6", "127.0.0.1", "[fc00::1]"])
    assert.equal(await code(`http://${host}/`), "refused_address", host);
});

test("the setting is read, and one that cannot be used is refused by its name", () => {
  const read = (text: string) => readConfig({ TENON_ALLOW_PRIVATE_ADDRESSES: text }).allowedAddresses;
  assert.equal(readConfig({}).allowedAddresses.networks.length, 0);
  assert.deepEqual([...read("127.0.0.1/32,search.internal").hosts], ["search.internal"]);
  for (const text of ["10.0.0.0/33", "10.0.0", "10", "0x7f.1", "http://a", "a b", "fd00::/129", "10.0.0.0/8/8"])
    assert.throws(
      () => read(text),
      /^Error: TENON_ALLOW_PRIVATE_ADDRESSES is ".*", but must be addresses, networks and hosts/,
      text,
    );
});

test("only http and https, without names, passwords and port 0, are addresses", async () => {
  const bad = [
    "",
    "example.com",
    "ftp://example.com/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "gopher://example.com",
    "https://",
    "https://ada@example.com/",
    "https://:secret@example.com/",
    "https://example.com:0/",
    "https://example.com:65536/",
    `https://example.com/${"x".repeat(2000)}`,
    "https://256.1.1.1/",
    "https://[fe80::1%25eth0]/",
    "https://exa mple.com/",
  ];
  for (const url of bad)
    assert.equal(await codeOf(findTarget(outboundTo({ "example.com": [["93.184.215.14"]] }), url)), "bad_url", url);
});

test("a name that leads nowhere is told", async () => {
  assert.equal(await codeOf(findTarget(outboundTo({}), "https://nowhere.test/")), "unresolvable");
  assert.equal(await codeOf(findTarget(outboundTo({ "empty.test": [[]] }), "https://empty.test/")), "unresolvable");
});
