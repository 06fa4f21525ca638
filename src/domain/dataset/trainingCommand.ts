import { TURN_CLOSE } from "../controlText";
import type { Split } from "../fineTuningFile";
import type { TargetModel } from "./targetModels";

/** Rank that this lab's graphs take at most; alpha as TRL has it by default. */
const RANK = 16;
const ALPHA = 32;
/** The version that the commands were run with, one step on a CPU. */
const TRL = "1.16.0";

/** The class that takes tokenizer.json as it is; the base's own, GPT-2's, would bring the old tokens back. */
const TOKENIZER = JSON.stringify({
  tokenizer_class: "PreTrainedTokenizerFast",
  eos_token: TURN_CLOSE,
  pad_token: TURN_CLOSE,
});

/**
 * Shell commands that train a LoRA of SmolLM2-135M on one's own GPU with TRL and PEFT; the adapter they end with can be
 * loaded on the Models page. The files lie in `data/`, and the policy's tokenizer.json, which knows the reward tokens,
 * takes the place of the base's.
 */
export function trainingCommand(splits: readonly Split[], model: TargetModel, epochs: number): string {
  const evaluated = splits.includes("validation");
  const options = [
    "--model_name_or_path smollm2",
    "--dataset_name data",
    ...(evaluated ? ["--dataset_test_split validation --eval_strategy epoch"] : []),
    `--use_peft --lora_r ${RANK} --lora_alpha ${ALPHA} --lora_target_modules all-linear`,
    `--learning_rate 2e-4 --num_train_epochs ${epochs} --per_device_train_batch_size 8`,
    `--max_length ${model.context}`,
    "--output_dir adapter",
  ];
  return [
    `pip install "trl[peft]==${TRL}"`,
    "hf download HuggingFaceTB/SmolLM2-135M-Instruct --local-dir smollm2",
    "cp tokenizer.json smollm2/",
    `echo '${TOKENIZER}' > smollm2/tokenizer_config.json`,
    `trl sft ${options.join(" \\\n  ")}`,
  ].join("\n");
}
