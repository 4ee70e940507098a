// A real nginx in front of a relay.

import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NGINX, temporaryFolder } from "./place.mjs";
import { freePort } from "./relay.mjs";
import { until } from "./wait.mjs";

/** A path that passes WebSockets, and one whose operator never thought of them. */
const PATHS = { whole: "/class/fedcoin/", plain: "/plain/" };

/**
 * Starts nginx; it ends with the test. Returns the page's addresses below both paths.
 * @param {import("./place.mjs").Scope} scope
 * @param {import("./relay.mjs").Relay} relay
 */
export async function startNginx(scope, relay) {
  const [folder, port] = [await temporaryFolder(scope), await freePort()];
  const to = `proxy_pass http://${relay.address}/; proxy_http_version 1.1; proxy_set_header Host $http_host;`;
  const upgrade = "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade;";
  const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const text = `
    daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
    events {}
    http {
      access_log off;
      ${kinds.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(" ")}
      map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
      server {
        listen 127.0.0.1:${port};
        location ${PATHS.whole} { ${to} ${upgrade} }
        location ${PATHS.plain} { ${to} }
      }
    }`;
  const file = join(folder, "nginx.conf");
  await writeFile(file, text);
  const nginx = spawn(NGINX, ["-c", file, "-p", folder], { stdio: "ignore" });
  scope.after(() => void nginx.kill());
  const url = (/** @type {string} */ path) => `http://localhost:${port}${path}`;
  await until("nginx answers", async () => (await fetch(`${url(PATHS.whole)}healthz`)).ok);
  return { whole: url(PATHS.whole), plain: url(PATHS.plain) };
}
