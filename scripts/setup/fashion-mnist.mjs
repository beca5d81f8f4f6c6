// Owns the images that examples/fashion-mnist.nnspec trains on, where that file expects them.
import { existsSync } from "node:fs";
import { installDebianPackages } from "./debian.mjs";
import { SetupProblem } from "./progress.mjs";

const images = "/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz";

export async function ensureFashionMnist() {
  if (existsSync(images)) return;
  await installDebianPackages({ name: "Fashion-MNIST", packages: ["dataset-fashion-mnist"] });
  if (!existsSync(images)) throw new SetupProblem(`dataset-fashion-mnist was installed without ${images}.`);
}
