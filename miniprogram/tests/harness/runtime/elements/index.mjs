import { Canvas, Icon, Progress, Text, View } from "./basic.mjs";
import { buttons } from "./button.mjs";
import { Checkbox, Group, Label, Picker, Radio, Slider, Switch } from "./choice.mjs";
import { Input, Textarea } from "./field.mjs";
import { Picture } from "./image.mjs";
import { ScrollView, Swiper, SwiperItem } from "./scroll.mjs";

/**
 * WeChat's built-in components as elements of the browser's.
 * @param {{ wx: any, agree: () => Promise<void>, share: (target: any) => Promise<void> }} context
 */
export function defineElements(context) {
  const { Button, Form, Navigator } = buttons(context);
  const elements = {
    view: View, text: Text, image: Picture, button: Button, icon: Icon, progress: Progress, "scroll-view": ScrollView, swiper: Swiper,
    "swiper-item": SwiperItem, input: Input, textarea: Textarea, switch: Switch, slider: Slider, picker: Picker, checkbox: Checkbox,
    "checkbox-group": class extends Group {}, radio: Radio, "radio-group": class extends Group {}, label: Label, form: Form,
    navigator: Navigator, canvas: Canvas,
  };
  for (const [tag, element] of Object.entries(elements)) customElements.define(`wx-${tag}`, element);
}
