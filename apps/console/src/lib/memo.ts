import { Component, type ComponentType, createElement, type FunctionComponent } from 'preact';

/** A component that is drawn again only when one of its props is another. */
export function memo<P extends object>(inner: FunctionComponent<P>): ComponentType<P> {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      const now = this.props as Readonly<P>;
      return (Object.keys(next) as (keyof P)[]).some((name) => next[name] !== now[name]);
    }

    override render() {
      return createElement(inner, this.props as P);
    }
  };
}
