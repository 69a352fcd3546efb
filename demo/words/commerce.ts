/** What Northwind Studio sells: name, kind, price in cents, and the variants it comes in. */
export const PRODUCTS: readonly {
  name: string;
  type: string;
  price: number;
  variants: readonly string[];
  status?: "draft" | "archived";
}[] = [
  { name: "Oak desk lamp", type: "Lighting", price: 8900, variants: ["Warm white", "Dimmable"] },
  { name: "Walnut tray", type: "Tableware", price: 3400, variants: ["Small", "Large"] },
  { name: "Wall shelf", type: "Furniture", price: 12900, variants: ["60 cm", "90 cm", "120 cm"] },
  { name: "Dining table", type: "Furniture", price: 89000, variants: ["Oak", "Walnut"] },
  { name: "Cushion", type: "Textiles", price: 2900, variants: ["Blue", "Grey", "Ochre"] },
  { name: "Cutting board", type: "Tableware", price: 4500, variants: [] },
  { name: "Bedside table", type: "Furniture", price: 24900, variants: ["Oak", "White"] },
  { name: "Wool rug", type: "Textiles", price: 32000, variants: ["Grey", "Sand"] },
  { name: "Toy blocks", type: "Children", price: 2600, variants: [] },
  { name: "Round mirror", type: "Furniture", price: 15900, variants: ["50 cm", "80 cm"] },
  { name: "Garden bench", type: "Outdoor", price: 39900, variants: [] },
  { name: "Vase", type: "Tableware", price: 5200, variants: ["Clay", "White"] },
  { name: "Candle holder", type: "Lighting", price: 1900, variants: [], status: "draft" },
  { name: "Paper garland", type: "Children", price: 900, variants: [], status: "archived" },
];

export const STORES = [
  { name: "Northwind online", platform: "shopify", url: "https://northwind.example", status: "active" },
  { name: "Northwind on Etsy", platform: "etsy", url: "https://etsy.example/northwind", status: "active" },
  { name: "Outlet", platform: "woocommerce", url: "https://outlet.northwind.example", status: "error" },
] as const;
