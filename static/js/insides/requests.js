// @ts-check
// The very request of the page, for a terminal and for Python. Pure.

/**
 * @param {string} url
 * @param {string} base64 a PNG
 */
export function curlOf(url, base64) {
  return [
    "base64 -d <<'PNG' | curl -sS --fail-with-body -H 'Content-Type: image/png' \\",
    `  --data-binary @- '${url}'`,
    ...(base64.match(/.{1,76}/g) ?? []),
    "PNG",
  ].join("\n");
}

/**
 * @param {string} url
 * @param {string} base64 a PNG
 */
export function pythonOf(url, base64) {
  return `import base64
import json
import urllib.request

png = base64.b64decode("${base64}")
request = urllib.request.Request("${url}", png, {"Content-Type": "image/png"})
with urllib.request.urlopen(request) as response:
    answer = json.load(response)
for name, network in answer["networks"].items():
    print(name, network["digit"], network["verdict"])
`;
}
