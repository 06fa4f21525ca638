import type { Split } from "../fineTuningFile";
import type { TargetModel } from "./targetModels";

/** Rank that this lab's graphs take at most; alpha as TRL has it by default. */
const RANK = 16;
const ALPHA = 32;

/**
 * Shell commands that train a LoRA of SmolLM2-135M on one's own GPU with TRL 1 and PEFT; the adapter they end with can be
 * loaded on the Models page. Both files lie in `data/`, the policy's tokenizer.json in `smollm2/` in place of its own: it
 * knows the reward tokens.
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
    'pip install "trl[peft]"',
    "hf download HuggingFaceTB/SmolLM2-135M-Instruct --local-dir smollm2",
    "cp tokenizer.json smollm2/",
    `trl sft ${options.join(" \\\n  ")}`,
  ].join("\n");
}
