export { MemoryDriver, type MemoryDriverOptions } from "../driver/memory-driver.ts";
export { createEngineScenario, type EngineScenario, type EngineScenarioOptions } from "./engine-scenario.ts";
