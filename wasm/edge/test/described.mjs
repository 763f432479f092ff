// The description of the service, and whether an answer is as it says.
import assert from "node:assert/strict";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { repositoryFile } from "./harness.mjs";

const base = "http://edge.example/v1/openapi.json";
export const description = JSON.parse(repositoryFile("wasm/edge/openapi.json"));
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema({ ...JSON.parse(repositoryFile("js/model.schema.json")), $id: new URL("../package/model.schema.json", base).href });
ajv.addSchema({ ...description, $id: base });

/** What a reference stands for, and where it is, so that references below it are found. */
export function resolve(node, at) {
  if (!node?.$ref?.startsWith("#")) return { node, at };
  const steps = node.$ref.slice(2).split("/").map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  return { node: steps.reduce((value, step) => value[step], description), at: node.$ref.slice(1) };
}
export const pointer = (...steps) => `/${steps.map((step) => String(step).replaceAll("~", "~0").replaceAll("/", "~1")).join("/")}`;
export const validate = (at, value, what) => {
  const check = ajv.getSchema(`${base}#${encodeURI(at)}`) ?? ajv.compile({ $ref: `${base}#${encodeURI(at)}` });
  assert.ok(check(value), `${what}: ${ajv.errorsText(check.errors)} in ${JSON.stringify(value)?.slice(0, 300)}`);
};

/** Whether a response has a status, a media type, headers and a body as the operation describes. */
export async function check({ responses, operationId, at, method }, response, log = () => "") {
  const what = `${operationId}, ${response.status}`;
  assert.ok(responses[response.status], `${what} is not described: ${response.status < 500 ? "" : log()}`);
  const described = resolve(responses[response.status], `${at}/responses/${response.status}`);
  for (const [name, header] of Object.entries(described.node.headers ?? {})) {
    const { node, at: place } = resolve(header, `${described.at}/headers/${name}`);
    const value = response.headers.get(name);
    if (value !== null) validate(`${place}/schema`, value, `${what}, ${name}`);
    else assert.ok(/Link|Focalfit-Shape|Content-Location/.test(name) && !node.required, `${what} has no ${name}`);
  }
  const bytes = new Uint8Array(await response.clone().arrayBuffer());
  if (!described.node.content) return assert.equal(bytes.length, 0, `${what} has a body`);
  if (method === "head") return;
  const type = response.headers.get("content-type");
  assert.ok(described.node.content[type], `${what} is ${type}`);
  if (type.endsWith("json")) validate(`${described.at}/content/${type.replaceAll("/", "~1")}/schema`, JSON.parse(Buffer.from(bytes)), what);
}

