export async function checkGate() {
  return 0;
}
