import { SkipLines } from "../components/SkipLines";
import { malformed, skipMalformed } from "./datasetFile";

/** Lines of the data file that cannot be read; they are listed with the other findings. */
export function SkipMalformed() {
  return <SkipLines bad={malformed.value} skip={skipMalformed} />;
}
