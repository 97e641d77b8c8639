// Checks an OpenAPI description by its own schema. Given the description on stdin.
import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";

const { valid, errors } = await new Validator().validate(JSON.parse(readFileSync(0, "utf8")));
console.log(JSON.stringify({ valid, errors }));
