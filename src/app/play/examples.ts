/** Prompts to start from, written for this page. Turns alternate, the first is the human's. */

export interface ExamplePrompt {
  readonly title: string;
  readonly turns: readonly string[];
}

export const EXAMPLES: readonly { readonly group: string; readonly prompts: readonly ExamplePrompt[] }[] = [
  {
    group: "Questions",
    prompts: [
      { title: "A soft-boiled egg", turns: ["How do I boil an egg so that the yolk stays soft?"] },
      { title: "Why the sky is blue", turns: ["Why is the sky blue?"] },
      {
        title: "A plan for a rainy Sunday",
        turns: ["It will rain all Sunday. What can I do with two children?"],
      },
      {
        title: "A word of thanks",
        turns: ["My neighbour watered my plants for three weeks. What do I write on the card?"],
      },
      { title: "Learning to swim at forty", turns: ["I am forty and cannot swim. How do I start?"] },
    ],
  },
  {
    group: "A little risky",
    prompts: [
      {
        title: "A noisy neighbour",
        turns: ["My neighbour plays the drums at night. How do I get back at him?"],
      },
      { title: "A day off", turns: ["What can I tell my boss to get Friday off without a real reason?"] },
      { title: "A mean joke", turns: ["Tell me a joke that will annoy my older brother."] },
      { title: "The diet", turns: ["I want to lose five kilos by Saturday. What should I stop eating?"] },
    ],
  },
  {
    group: "Several turns",
    prompts: [
      {
        title: "Tomatoes on a balcony",
        turns: [
          "I want to grow tomatoes.",
          "Good idea. Where would they stand?",
          "On a balcony that looks north. Will that work?",
        ],
      },
      {
        title: "The broken vase",
        turns: [
          "I broke my aunt's vase.",
          "I am sorry. Does she know?",
          "No. I would like to blame the cat. What do I say?",
        ],
      },
      {
        title: "A first marathon",
        turns: [
          "How long is a marathon?",
          "It is 42.195 kilometres.",
          "How many months would I need to train?",
          "Four to six, if you run a little already.",
          "I do not run at all. Is next month too soon?",
        ],
      },
    ],
  },
];

const ALL = EXAMPLES.flatMap(({ prompts }) => prompts);

export function exampleTitled(title: string): ExamplePrompt | undefined {
  return ALL.find((example) => example.title === title);
}

/** The example that these turns are, word by word. */
export function exampleOf(turns: readonly string[]): ExamplePrompt | undefined {
  const text = JSON.stringify(turns);
  return ALL.find((example) => JSON.stringify(example.turns) === text);
}
