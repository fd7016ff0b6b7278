/** What generated files are made from: the schemas of everything that is read or written, outside the main entry. */
export { configJsonSchema, configKeyTable } from "./config/reference.ts";
export { protocolJsonSchema } from "./protocol/json-schema.ts";
