// Starts the app: names this build, then fetches and runs the wasm.
import init from "{{asset:frontend.js}}";

globalThis.chorusBuild = "{{build}}";
init({ module_or_path: "{{asset:frontend.wasm}}" });
