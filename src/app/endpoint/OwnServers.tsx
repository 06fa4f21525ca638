import { Scrollable } from "../components/Scrollable";

interface OwnServer {
  readonly name: string;
  /** Where it listens unless told otherwise. */
  readonly baseUrl: string;
  /** What makes it let a page of another origin read its answers. */
  readonly allow: string;
}

const SERVERS: readonly OwnServer[] = [
  { name: "llama.cpp", baseUrl: "http://127.0.0.1:8080/v1", allow: "allows every page" },
  { name: "vLLM", baseUrl: "http://127.0.0.1:8000/v1", allow: "allows every page" },
  { name: "Ollama", baseUrl: "http://127.0.0.1:11434/v1", allow: "OLLAMA_ORIGINS=(this page) ollama serve" },
  { name: "LM Studio", baseUrl: "http://127.0.0.1:1234/v1", allow: "Server settings: Enable CORS" },
];

/** For who runs a model on a machine of theirs: where it is found, and how it lets this page in. */
export function OwnServers() {
  return (
    <section class="card stack" aria-labelledby="servers-title">
      <h2 id="servers-title">A server of your own</h2>
      <Scrollable label="Servers">
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">Server</th>
              <th scope="col">Base URL, as it starts</th>
              <th scope="col">To let this page in</th>
            </tr>
          </thead>
          <tbody>
            {SERVERS.map(({ name, baseUrl, allow }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td class="mono">{baseUrl}</td>
                <td>{allow.replace("(this page)", location.origin)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrollable>
      <p class="small soft">
        The browser may ask whether this page may reach devices on your network: it asks for this server.
      </p>
    </section>
  );
}
