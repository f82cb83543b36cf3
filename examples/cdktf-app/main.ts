import { App } from "cdktf";
import { ParcelStack } from "./parcel-stack.ts";

const app = new App({ stackTraces: false });
new ParcelStack(app, "parcel");
app.synth();
