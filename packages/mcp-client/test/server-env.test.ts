import { expect, test } from "vitest";
import { createEnvForMcpServer } from "../src/index.ts";

const listed = (names: string): readonly string[] => names.split(" ");
const SAFE = {
  linux: listed("HOME LOGNAME PATH SHELL USER __CF_USER_TEXT_ENCODING LANG LC_ALL TERM TMPDIR TZ"),
  win32: listed(
    "PATH PATHEXT SHELL COMSPEC SYSTEMROOT SYSTEMDRIVE USERNAME USERDOMAIN USERPROFILE HOMEDRIVE HOMEPATH PROGRAMFILES PROGRAMFILES(X86) PROGRAMW6432 PROGRAMDATA LOCALAPPDATA APPDATA TEMP TMP TMPDIR POWERSHELL PWSH",
  ),
};
const NETWORK = listed(
  "NODE_EXTRA_CA_CERTS SSL_CERT_FILE CURL_CA_BUNDLE REQUESTS_CA_BUNDLE PIP_CERT GIT_SSL_CAINFO HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY",
);
const SECRETS = listed("OPENAI_API_KEY AWS_SECRET_ACCESS_KEY GITHUB_TOKEN NODE_OPTIONS LD_PRELOAD SSH_AUTH_SOCK NVM_DIR SSL_CERT_DIR");

test.each(["linux", "win32"] as const)("on %s exactly the safe names pass", (platform) => {
  const wanted = [...SAFE[platform], ...NETWORK];
  const base = Object.fromEntries([...wanted, ...SECRETS].map((name) => [name, `the ${name}`]));
  expect(createEnvForMcpServer({}, { base, platform })).toEqual(Object.fromEntries(wanted.map((name) => [name, `the ${name}`])));
});

test("proxies pass in small letters too; what is not set, and functions that a shell exported, do not", () => {
  const base = { https_proxy: "http://p", TERM: undefined, SHELL: "() { :; }" };
  expect(createEnvForMcpServer({}, { base, platform: "linux" })).toEqual({ https_proxy: "http://p" });
});

test("what is given wins, on Windows whatever its letters", () => {
  expect(createEnvForMcpServer({ PATH: "/given", KEY: "k" }, { base: { PATH: "/bin" }, platform: "linux" })).toEqual({
    PATH: "/given",
    KEY: "k",
  });
  expect(createEnvForMcpServer({ PATH: "C:\\given" }, { base: { Path: "C:\\", SystemRoot: "C:\\W" }, platform: "win32" })).toEqual({
    PATH: "C:\\given",
    SystemRoot: "C:\\W",
  });
});

test("further names, or all, pass on request", () => {
  const base = { TOKEN: "t", OTHER: "o" };
  expect(createEnvForMcpServer({}, { base, platform: "linux", names: ["TOKEN"] })).toEqual({ TOKEN: "t" });
  expect(createEnvForMcpServer({}, { base, platform: "linux", inherit: true })).toEqual(base);
});
