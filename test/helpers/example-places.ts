import { placeFormats, textFormats } from "../../src/config/value-formats.ts";
import { nestedPlaceKeys, type Places } from "../../src/model/exporter.ts";

/** What a service must list so that its exporter has something to tell apart; nothing where there is a default. */
export function examplePlaces(places: Places | undefined) {
  if (places?.default.length !== 0) return {};
  const isNested = (nestedPlaceKeys as readonly string[]).includes(places.key);
  return { [places.key]: isNested ? { swap: ["offer", "agree"] } : [textFormats[placeFormats[places.key]].example] };
}
