import { installPythonPackages } from "./support/pythonPackages";

export default installPythonPackages;
